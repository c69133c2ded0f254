/**
 * Leads a person to a field of the form, by the field's path.
 */

/**
 * Focus what holds a field, or the nearest place around it; unfolds what it is folded into.
 *
 * @param page - What the form is drawn in.
 */
export function goToField(page: HTMLElement, field: string): void {
  const parts = field.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const path = parts.slice(0, length).join('.');
    const place = [
      ...page.querySelectorAll<HTMLElement>('[data-spec-field]')
    ].find(each => each.dataset['specField'] === path);
    if (place !== undefined) {
      reveal(place);
      return;
    }
  }
}

/** Focus the title of a section, and unfold it. */
export function goToSection(page: HTMLElement, section: string): void {
  const place = page.querySelector<HTMLElement>(
    `[data-spec-section="${section}"]`
  );
  if (place !== null) {
    reveal(place);
  }
}

function reveal(place: HTMLElement): void {
  for (
    let fold = place.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  ) {
    fold.open = true;
  }
  const control =
    place.querySelector<HTMLElement>('[aria-invalid="true"]') ??
    place.querySelector<HTMLElement>(
      'summary, input, select, textarea, button, [tabindex]'
    );
  place.scrollIntoView({ block: 'start' });
  (control ?? place).focus({ preventScroll: true });
}
