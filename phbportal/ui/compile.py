"""Compile the pages and build them, by Reflex's own steps: ``python -m phbportal.ui.compile`` in the project's folder.

A process of its own, started by ``phbportal.frontend``, which sets its environment. It is ``reflex export
--frontend-only --no-zip`` without ``reflex init``, which would write into the project (.gitignore, requirements.txt)
and ask a package index for news.
"""

from __future__ import annotations

from pathlib import Path

from reflex.utils import build, path_ops, prerequisites


def main() -> None:
    """Write ``.web/build/client``. Exits with a message of Reflex's if a step fails."""
    with path_ops.file_lock(prerequisites.get_web_dir()):
        if prerequisites.needs_reinit():
            prerequisites.initialize_reflex_user_directory()
            prerequisites.initialize_frontend_dependencies()
        prerequisites.get_compiled_app(prerender_routes=True, use_rich=False)
        build.setup_frontend(Path.cwd())
        build.build()


if __name__ == "__main__":
    main()
