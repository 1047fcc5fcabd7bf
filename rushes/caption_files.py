"""Caption files, all from one model: SubRip, WebVTT, Advanced SubStation, TTML and an mp4's own text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from rushes.captions import Caption, rows
from rushes.phrases import GLUE, joined

__all__ = ["ass", "clock", "milliseconds", "mov_text_header", "mov_text_packets", "srt", "ttml", "vtt", "written"]


def written(
    captions: Sequence[Caption], fps: int, size: tuple[int, int], name: str = "captions", language: str = "en"
) -> Mapping[str, str]:
    """The files of a film's captions: name -> content. In another language no word is said, so none is lit."""
    lit = language == "en"
    return {
        f"{name}.srt": srt(captions, fps),
        f"{name}.vtt": vtt(captions, fps, lit),
        f"{name}.ass": ass(captions, fps, size, lit),
        f"{name}.ttml": ttml(captions, fps, language),
    }


def milliseconds(frame: int, fps: int) -> int:
    """When a frame begins."""
    return round(frame * 1000 / fps)


def clock(frame: int, fps: int, point: str = ".") -> str:
    """`hh:mm:ss.mmm`."""
    seconds, ms = divmod(milliseconds(frame, fps), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def srt(captions: Sequence[Caption], fps: int) -> str:
    """SubRip, the words as they are: it has no way to escape any."""
    return "\n".join(
        f"{number}\n{clock(each.start, fps, ',')} --> {clock(each.end, fps, ',')}\n" + "\n".join(each.lines) + "\n"
        for number, each in enumerate(captions, 1)
    )


def vtt(captions: Sequence[Caption], fps: int, lit: bool = True) -> str:
    """WebVTT, each word stamped with its time if it is to be `lit`, and `&`, `<` and `>` escaped (pysubs2 does not).

    A stamp lies between a caption's start and its end and is later than the one before: players skip any other.
    """
    head = "WEBVTT\n\n" + "STYLE\n::cue(:future) {\n  color: #aaaaaa;\n}\n\n" * lit
    return head + "\n".join(
        f"{clock(each.start, fps)} --> {clock(each.end, fps)}\n" + "\n".join(_stamped(each, fps, lit)) + "\n"
        for each in captions
    )


def _stamped(caption: Caption, fps: int, lit: bool) -> Iterator[str]:
    last = caption.start
    for row in rows(caption):
        stamped = []
        for word in row:
            stamp = lit and last < word.start < caption.end
            stamped.append(f"<{clock(word.start, fps)}>" * stamp + html.escape(word.text, quote=False))
            last = max(last, word.start)
        yield joined(stamped)


_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TTML = "http://www.w3.org/ns/ttml"


def ttml(captions: Sequence[Caption], fps: int, language: str = "en") -> str:
    """TTML in the IMSC 1.1 text profile. A timed span is hidden until its time, so the words have none of their own."""
    body = "\n".join(
        f'      <p begin="{clock(each.start, fps)}" end="{clock(each.end, fps)}">{_breaks(each.lines)}</p>'
        for each in captions
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="{TTML}" xmlns:tts="{TTML}#styling" xmlns:ttp="{TTML}#parameter" xml:lang="{language}"
    ttp:profile="{TTML}/profile/imsc1.1/text" ttp:timeBase="media" ttp:cellResolution="40 18">
  <head>
    <styling>
      <style xml:id="said" tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" tts:lineHeight="125%"
             tts:color="#ffffff" tts:textAlign="center"/>
    </styling>
    <layout>
      <region xml:id="below" tts:origin="10% 80%" tts:extent="80% 16%" tts:displayAlign="after"/>
    </layout>
  </head>
  <body style="said" region="below">
    <div>
{body}
    </div>
  </body>
</tt>
"""


def _breaks(lines: Sequence[str]) -> str:
    return "<br/>".join(html.escape(_NO_XML.sub("", line), quote=False) for line in lines)


def ass(captions: Sequence[Caption], fps: int, size: tuple[int, int], lit: bool = True) -> str:
    """Advanced SubStation for a picture of `size` (width, height); if `lit`, each word is when it is said."""
    import pysubs2

    width, height = size
    file = pysubs2.SSAFile()
    file.info.update(PlayResX=str(width), PlayResY=str(height), ScaledBorderAndShadow="yes", WrapStyle="2")
    style = file.styles["Default"]
    style.fontname, style.fontsize = "Inter", round(min(height, width * 9 / 16) * 0.052)
    style.outline, style.shadow, style.marginv = height / 360, 0, round(height * 0.06)
    style.secondarycolor = pysubs2.Color(170, 170, 170)  # of a word that is still to come
    for each in captions:
        at, lines = each.start, []
        for row in rows(each):
            spans = []
            for word in row:
                wait = _hundredths(word.start, fps) - _hundredths(at, fps)
                spans.append(f"{{\\k{wait}}}" * (lit and wait > 0))
                at = max(at, word.start)
                spans.append(f"{{\\k{_hundredths(word.end, fps) - _hundredths(at, fps)}}}" * lit)
                spans.append(_literal(word.text.removesuffix(GLUE)) + " " * (not word.text.endswith(GLUE)))
                at = max(at, word.end)
            lines.append("".join(spans).rstrip())
        event = pysubs2.SSAEvent(
            start=milliseconds(each.start, fps), end=milliseconds(each.end, fps), text="\\N".join(lines)
        )
        file.append(event)
    return file.to_string("ass")


def _hundredths(frame: int, fps: int) -> int:
    return round(frame * 100 / fps)


def _literal(text: str) -> str:
    """Text that holds none of ASS's commands: a word joiner after a backslash, braces escaped."""
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def mov_text_header() -> bytes:
    """What a mov_text stream needs as its codec context's `subtitle_header` before its first packet."""
    import pysubs2

    return pysubs2.SSAFile().to_string("ass").encode()


def mov_text_packets(captions: Sequence[Caption], fps: int) -> list[tuple[int, int, bytes]]:
    """(start ms, duration ms, payload) without holes from 0: an MP4 text track needs an empty text for each gap.

    A payload is its length in two bytes, high byte first, and the text in UTF-8.
    """
    packets: list[tuple[int, int, bytes]] = []
    shown = 0
    for each in captions:
        start, end = milliseconds(each.start, fps), milliseconds(each.end, fps)
        if start > shown:
            packets.append((shown, start - shown, _counted("")))
        packets.append((start, end - start, _counted("\n".join(each.lines))))
        shown = end
    return packets


def _counted(text: str) -> bytes:
    payload = text.encode()
    return len(payload).to_bytes(2, "big") + payload
