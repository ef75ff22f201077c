// Python starts while JupyterLite is still loading: the first page makes a worker of this file at
// once, and JupyterLite, which looks for a worker only seconds later, is given that one.

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
        // Not the widgets, which look for the kernel.
        python.runPython(
            "import IPython, motiflab.datasets, motiflab.interpretation, motiflab.networks",
        );
        return python;
    });
    started.catch(() => {});  // whoever asks for it is told
    addEventListener("message", ({data}) => importScripts(data), {once: true});
} else {
    // In the page of JupyterLite.
    const Plain = Worker;
    window.Worker = function (url, options) {
        const early = parent.early;
        if (!early || options?.type === "module" || !/pyodide-kernel/.test(url)) {
            return new Plain(url, options);
        }
        delete parent.early;
        early.postMessage(String(url));
        return early;
    };
}
