declare module "*.wgsl" {
  const shader: import("./device/shader.js").Shader;
  export default shader;
}
