export interface InitFlags {
  cluster?: string;
  out: string;
  force?: boolean;
  topic?: string;
  json?: boolean;
}
