"""A button that uploads a FASTA file from the learner's machine to the kernel."""

from __future__ import annotations

import anywidget
import traitlets

from motiflab.sequences.fasta import LIMITS, MOST_BYTES

# The browser must refuse a large file itself: a message over the server's limit (10 MB) would
# close the connection to the kernel, and with it all the widgets of the notebook.
CHOOSE = """
function choose(input, say, most, instead, take) {
    // Else nothing would happen when a file that was mended is chosen again.
    input.addEventListener("click", () => { input.value = ""; });
    input.addEventListener("change", async () => {
        const file = input.files[0];
        if (!file) return;
        say("");
        const name = file.name.length > 60 ? `${file.name.slice(0, 60)}...` : file.name;
        if (file.size > most() * 1e6) {
            say(`${name} has ${(file.size / 1e6).toFixed(1)} MB and ` +
                `only ${most()} MB can be sent from here: ${instead}.`);
            return;
        }
        let bytes;
        try {
            bytes = new Uint8Array(await file.arrayBuffer());
        } catch (error) {  // it was moved or changed since it was chosen
            say(`${name} cannot be read: choose it again.`);
            return;
        }
        take(file.name, bytes);
    });
}
"""
"""A script that reads the chosen file, or says why not.

`most` is the limit in megabytes; `take` is called with the name and the bytes.
"""

_SCRIPT = (
    CHOOSE
    + """
export default {
    render({model, el}) {
        const label = document.createElement("label");
        const input = document.createElement("input");
        const problem = document.createElement("span");
        el.className = "motiflab-upload";
        const unpacked = `${model.get("unpacked")} MB unpacked`;
        label.append(`${model.get("label")}, up to ${model.get("most")} MB (${unpacked}): `, input);
        input.type = "file";
        input.accept = ".fa,.fasta,.fna,.txt,.gz";
        const show = () => {
            input.disabled = model.get("disabled");
            input.title = model.get("hint");
        };
        show();
        model.on("change:disabled change:hint", show);
        problem.setAttribute("role", "alert");
        problem.className = "motiflab-error";
        el.append(label, problem);
        const say = (words) => { problem.textContent = words; };
        choose(input, say, () => model.get("most"), "type its path instead", (name, bytes) => {
            model.set("file", {name, content: new DataView(bytes.buffer)});
            model.save_changes();
        });
    },
};
"""
)


class FastaUpload(anywidget.AnyWidget):
    """Choose a file; its name and content arrive together in `file`.

    Attributes
    ----------
    label : str
        Text of the button.
    most : int
        Largest file in MB; a larger one is refused with a message and never sent.
    unpacked : int
        Largest content of a gzipped file in MB; the kernel refuses a larger one.
    disabled : bool
        Whether no file can be chosen; `hint` then says why, otherwise what a file may contain.
    file : dict
        ``{"name": str, "content": memoryview}`` of the file chosen last; empty before.
    """

    _esm = _SCRIPT
    label = traitlets.Unicode().tag(sync=True)
    most = traitlets.Int(5).tag(sync=True)
    unpacked = traitlets.Int(MOST_BYTES // 10**6).tag(sync=True)
    disabled = traitlets.Bool().tag(sync=True)
    hint = traitlets.Unicode(f"A file may hold {LIMITS}").tag(sync=True)
    file = traitlets.Dict().tag(sync=True, echo_update=False)  # it need not come back
