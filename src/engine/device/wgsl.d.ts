declare module "*.wgsl" {
  const shader: import("./shader.js").Shader;
  export default shader;
}
