/** Colours that the written report and the dashboard share: light, and dark where the reader's system is. */
export const PAGE_TOKENS = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b2230; --soft: #5b6475; --line: #dfe3ea; --head: #eef1f5;
  --series: #2360c5; --limit: #c0392b; --action: #7b3fc4; --good: #14713f; --warn: #8f5200; --bad: #b3261e;
  --calm: #44506a; --tint: rgb(192 57 43 / 9%);
  --edge: #8b94a3; --act: #17693f; --on-act: #fff; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151b; --card: #1a1f28; --ink: #e6e9ef; --soft: #a0a9b8; --line: #2f3744; --head: #232a35;
  --series: #7ab0ff; --limit: #ff8a7a; --action: #c9a2ff; --good: #5fd497; --warn: #f0b457; --bad: #ff8f85;
  --calm: #b6c2d9; --tint: rgb(255 138 122 / 12%);
  --edge: #6f7a8c; --act: #1f7f4d; --on-act: #fff; } }
`;
