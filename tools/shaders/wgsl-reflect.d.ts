// The package has types for its bare name only, and importing that name fails in Node.
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export * from "wgsl_reflect";
}
