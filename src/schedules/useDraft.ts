/**
 * A field whose text is not always a value, such as a time that is half typed: what is typed stays
 * until the field is left, what is a value is taken at once.
 */
import { useState } from 'react';

/** How the field is drawn. */
export interface IDraft {
  readonly text: string;
  /** Whether what is typed is no value: what was there before still holds. */
  readonly bad: boolean;
  readonly onChange: (event: React.ChangeEvent<HTMLInputElement>) => void;
  readonly onBlur: () => void;
}

/**
 * @param value - What holds, as text.
 * @param take - Takes a text, if it is a value; returns whether it is.
 */
export function useDraft(
  value: string,
  take: (text: string) => boolean
): IDraft {
  const [draft, setDraft] = useState<{ text: string; bad: boolean } | null>(
    null
  );
  return {
    text: draft?.text ?? value,
    bad: draft?.bad ?? false,
    onChange: event => {
      const text = event.target.value;
      setDraft({ text, bad: !take(text) });
    },
    onBlur: () => {
      setDraft(null);
    }
  };
}
