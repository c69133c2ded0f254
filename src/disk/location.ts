/**
 * Where a file of the server's machine is for JupyterLab; pure.
 */

/**
 * The path of a file below the folder that JupyterLab shows, or null where it is not in there.
 *
 * @param uri - The `file:` URI of the file.
 * @param rootUri - The `file:` URI of that folder, as the page's configuration names it.
 */
export function contentsPath(uri: string, rootUri: string): string | null {
  const path = pathOf(uri);
  const root = pathOf(rootUri);
  if (path === null || root === null) {
    return null;
  }
  const prefix = root.endsWith('/') ? root : `${root}/`;
  if (path === root || path === prefix.slice(0, -1)) {
    return '';
  }
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The path in a `file:` URI, or null where its bytes are no text. */
export function pathOf(uri: string): string | null {
  if (!uri.startsWith('file:///')) {
    return null;
  }
  try {
    return decodeURIComponent(uri.slice('file://'.length));
  } catch (reason) {
    if (reason instanceof URIError) {
      return null;
    }
    throw reason;
  }
}
