// The package's types belong to its bare name, which throws in Node's ESM loader.
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export * from "wgsl_reflect";
}
