#!/usr/bin/env bash
# Real speech of four more languages with its texts, for the accuracy benchmark: the voice prompts of a
# telephone exchange as Debian packages them (CC BY-SA 3.0).  Unpacked, not installed; the product
# never reads them.
set -euo pipefail
folder=$1
version=1.6.1-1
if [ -e "$folder/.$version" ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "No apt-get: the accuracy benchmark goes without French, Italian, Russian and Spanish." >&2
    exit 0
fi
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
for language in es fr it ru; do
    apt-get download -qq -o APT::Sandbox::User=root "asterisk-core-sounds-$language=$version" \
        "asterisk-core-sounds-$language-g722=$version"
done
sha256sum --check --quiet <<EOF
9afdab7f559f036649fb406e625899306ca1004df8ebe39c30bfbd5912d66f74  asterisk-core-sounds-es_${version}_all.deb
e4e3b4281057d3b81b779298fd6be705f57411513955c518eed1bcaabbd615b8  asterisk-core-sounds-es-g722_${version}_all.deb
04c82c78c570c43a7136cbc5e2488d0c470b775468dff9fbce4a131b18cf1056  asterisk-core-sounds-fr_${version}_all.deb
7add61d5e42279ecff1bbdf842a5a946ac3644fac9a0fe44384731aa7270c8e0  asterisk-core-sounds-fr-g722_${version}_all.deb
3884d9457e12f21caa018c18f0d587df5d53ebea14b673d8453a134c5941ab3b  asterisk-core-sounds-it_${version}_all.deb
46b4cf7afc508a5fcfc051b7ea233251c0d195dd4ef83cc4b7facb4c6429b016  asterisk-core-sounds-it-g722_${version}_all.deb
28a61616bb0cd3345a7ea532dec4df9f071e5d0fa9f8c1a563ea9669002f39ab  asterisk-core-sounds-ru_${version}_all.deb
673b4238a6b8269960f055d868c6a11083f7a0d00979167cb01554046b48ed9b  asterisk-core-sounds-ru-g722_${version}_all.deb
EOF
for package in *.deb; do dpkg-deb --extract "$package" .; done
rm ./*.deb
touch ".$version"
