declare module "*.wgsl" {
  const shader: import("../engine/shader.js").Shader;
  export default shader;
}
