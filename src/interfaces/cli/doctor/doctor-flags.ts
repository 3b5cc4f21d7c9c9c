export interface DoctorFlags {
  service?: string;
  only?: string;
  agent?: string;
  post?: boolean;
  json?: boolean;
}
