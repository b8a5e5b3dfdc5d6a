import type { Evaluation } from "../train/evaluation.js";

/** An evaluation as two Markdown tables: each image after the last step, and the means after each step. */
export function evaluationText(title: string, { images, mean }: Evaluation): string {
  // Keys that are whole numbers are in ascending order.
  const steps = Object.keys(mean);
  const last = steps.at(-1) as string;
  return [
    `${title} Kernel PSNR in dB, higher is better; K-COV, lower is better.`,
    "",
    `| Image, ${stepsText(last)} | Kernel PSNR | K-COV |`,
    "| --- | ---: | ---: |",
    ...images.map(({ name, steps: scores }) => {
      const { kernelPsnr, kernelCov } = scores[last];
      return `| ${name.replaceAll("|", "\\|")} | ${kernelPsnr.toFixed(2)} | ${kernelCov.toFixed(2)} |`;
    }),
    "",
    "| Mean after steps | Kernel PSNR | ± over runs | K-COV |",
    "| ---: | ---: | ---: | ---: |",
    ...steps.map((step) => {
      const { kernelPsnr, kernelPsnrStd, kernelCov } = mean[step];
      return `| ${step} | ${kernelPsnr.toFixed(2)} | ${kernelPsnrStd.toFixed(2)} | ${kernelCov.toFixed(2)} |`;
    }),
  ].join("\n");
}

function stepsText(steps: string): string {
  return steps === "1" ? "1 step" : `${steps} steps`;
}
