"""Click's own words in the language of ours.

Click asks the standard library's gettext, which goes by the machine's language and has no catalogue of click's; here
it is made to ask us. What it says beyond these words stays English.
"""

import gettext
import sys

import click
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise | str] = {
    "Usage:": _("用法："),
    "Options": _("选项"),
    "Commands": _("命令"),
    "Show this message and exit.": _("看用法"),
    "Show the version and exit.": _("看版本"),
    "default: {default}": _("默认：{default}"),
    "required": _("必须写"),
    "Error: {message}": _("不行：{message}"),
    "Try '{command} {option}' for help.": _("怎么用，请看：{command} {option}"),
    "Missing command.": _("少了命令。"),
    "Missing option": _("少了选项"),
    "Missing argument": _("少了参数"),
    "No such option {name!r}.": _("没有选项 {name!r}。"),
    "No such command {name!r}.": _("没有命令 {name!r}。"),
    "Did you mean {possibility}?": _("是不是 {possibility}？"),
    "(Did you mean one of: {possibilities}?)": _("（是不是这里面的：{possibilities}？）"),
    "Got unexpected extra argument ({args})": _("多写了：{args}"),
    "Got unexpected extra arguments ({args})": _("多写了：{args}"),
    "Option {name!r} requires an argument.": _("选项 {name!r} 后面要写内容。"),
    "Option {name!r} does not take a value.": _("选项 {name!r} 后面不用写内容。"),
    "Invalid value: {message}": _("写得不对：{message}"),
    "Invalid value for {param_hint}: {message}": _("{param_hint} 写得不对：{message}"),
    "{value!r} is not one of {choices}.": _("{value!r} 不在这些里面：{choices}。"),
    "{value!r} is not a valid {number_type}.": _("{value!r} 不是数字。"),
    "{value} is not in the range {range}.": _("{value} 不在 {range} 里。"),
    "file": _("文件"),
    "directory": _("目录"),
    "path": _("路径"),
    "{name} {filename!r} does not exist.": _("没有这个{name}：{filename!r}。"),
    "{name} {filename!r} is a directory.": _("{filename!r} 是目录，不是{name}。"),
    "{name} {filename!r} is a file.": _("{filename!r} 是文件，不是{name}。"),
    "{name} {filename!r} is not readable.": _("{name}读不了：{filename!r}。"),
    "{name} {filename!r} is not writable.": _("{name}写不了：{filename!r}。"),
    "Aborted!": _("停下了。"),
}


def speak() -> None:
    """Let click's modules say these words; those that the commands are made with have to be loaded after this."""
    ours = {gettext.gettext: _word, gettext.ngettext: _words}
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{click.__name__}."):
            for attribute in ("_", "ngettext"):
                if (theirs := getattr(module, attribute, None)) in ours:
                    setattr(module, attribute, ours[theirs])


def _word(message: str) -> str:
    return str(WORDS.get(message, message))


def _words(one: str, many: str, count: int) -> str:
    return _word(one if count == 1 else many)
