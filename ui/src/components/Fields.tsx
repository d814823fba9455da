/** Labelled fields of a form: a text, and a choice among words. */

interface TextFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  numeric?: boolean;
}

export function TextField({ label, value, onChange, numeric }: TextFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        value={value}
        inputMode={numeric ? "decimal" : undefined}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

interface ChoiceFieldProps {
  label: string;
  value: string;
  /** Values with their words; a plain string is its own word. */
  options: readonly (string | { value: string; label: string })[];
  onChange(value: string): void;
}

export function ChoiceField({ label, value, options, onChange }: ChoiceFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) =>
          typeof option === "string" ? (
            <option key={option}>{option}</option>
          ) : (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ),
        )}
      </select>
    </label>
  );
}
