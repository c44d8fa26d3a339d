#!/bin/sh
# A browser and a Chinese font for the tests. As root on Debian or Ubuntu they are installed; elsewhere we say what to do.
set -eu

has_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] ||
        [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}
has_font() {
    [ "$(uname)" = Darwin ] || { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
}

has_browser && has_font && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium and a Chinese font for the tests …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq chromium fontconfig fonts-noto-cjk >/dev/null
fi
has_browser || { echo "Missing: Chromium. On Debian or Ubuntu: apt install chromium  缺少 Chromium 浏览器。" >&2; exit 1; }
has_font || { echo "Missing: a Chinese font. On Debian or Ubuntu: apt install fontconfig fonts-noto-cjk  缺少中文字体。" >&2; exit 1; }
