// Python starts while JupyterLite is still loading: the first page makes a worker of this file at
// once, named as the card that it shows, and JupyterLite, which looks for a worker only seconds
// later, is given that one.

if (typeof importScripts === "function") {
    // In the worker.
    const folder = new URL("static/pyodide/", location);
    let load;
    // The kernel runs pyodide.js once more, and then what it finds under this name.
    Object.defineProperty(self, "loadPyodide", {
        get: () => () => started,
        set: (given) => { load ??= given; },
    });
    importScripts(new URL("pyodide.js", folder));
    const started = fetch("jupyter-lite.json").then((answer) => answer.json()).then(async (all) => {
        const settings = all["jupyter-config-data"].litePluginSettings;
        const kernel = settings["@jupyterlite/pyodide-kernel-extension:kernel"];
        const python = await load({indexURL: folder.href, ...kernel.loadPyodideOptions});
        try {
            python.runPython(`import pyodide_kernel\nfrom motiflab import ${name}`);
        } catch {}  // the cell that asks for it says why
        return python;
    });
    started.catch(() => {});  // whoever asks for it is told
    addEventListener("message", ({data}) => importScripts(data), {once: true});
} else {
    // In the page of JupyterLite.
    let early;
    try { early = parent.early; } catch {}  // a page of another host may be around this one
    window.Worker = class extends Worker {
        constructor(url, options) {
            if (early && /pyodide-kernel/.test(url)) {
                const given = early;
                early = null;  // a kernel that starts anew makes its own
                if (options?.type !== "module") {
                    given.postMessage(String(url));
                    return given;
                }
                given.terminate();  // it could not load the kernel of such a JupyterLite
            }
            super(url, options);
        }
    };
}
