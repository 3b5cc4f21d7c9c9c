export interface DoctorFlags {
  service?: string;
  only?: string;
  agent?: string;
  newest?: string;
  post?: boolean;
  json?: boolean;
}
