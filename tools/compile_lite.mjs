// Compile the Python of the edition in the browser, with the Python that will run it.
//
//     node tools/compile_lite.mjs PYODIDE ARCHIVE...
//
// PYODIDE is the folder of Pyodide; the archives are zip files and wheels in one folder, which are
// replaced. Byte code fits one version of Python alone, and only Pyodide's own is sure to be
// here: otherwise a browser would compile the same hundreds of files at every visit. `tools/make_lite.py`
// calls this.

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: pyodide });
python.FS.mkdir("/site");
python.FS.mount(python.FS.filesystems.NODEFS, { root: dirname(archives[0]) }, "/site");
const script = new URL("compile_lite.py", import.meta.url);
python.runPython(readFileSync(script, "utf-8"));
for (const name of archives.map((path) => basename(path))) {
    python.runPython(`compiled(Path("/site") / ${JSON.stringify(name)})`);
}
process.exit(0);
