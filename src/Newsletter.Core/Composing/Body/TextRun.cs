using System.Globalization;
using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Text as it grows. What stands behind words (a link's target, the second star of an emphasis) waits for the end of the word, so that none is torn apart: <c>[issue](…)s</c>, <c>un*real*istic</c>.</summary>
/// <remarks>Chinese and Japanese have no blanks between words; there nothing waits.</remarks>
internal sealed class TextRun
{
    private const char Nothing = '\u2060'; // in the place of a mark that was taken back; cleaned away with all that cannot be seen
    private const char Star = '*';
    private const int LongestTag = 40;

    private readonly StringBuilder _text = new();
    private readonly List<(string Text, int Opened)> _due = [];
    private int _item = -1; // behind the mark of the last item

    /// <summary>Where the next sign comes.</summary>
    public int Length => _text.Length;

    /// <summary>Adds to it.</summary>
    public TextRun Append(string text)
    {
        if (text.Length == 0)
            return this;
        if (_due.Count == 0)
            _text.Append(text);
        else if (IsInWord && WordEnd(text) is > 0 and var end)
            GoOn(text, end);
        else
        {
            Settle();
            _text.Append(text);
        }
        return this;
    }

    /// <summary>Opens an emphasis; gives what <see cref="Close"/> asks for. In the middle of a word it has no star.</summary>
    public int Open()
    {
        if (IsInWord)
            return -1;
        Append("*");
        return _text.Length - 1;
    }

    /// <summary>Closes it, before the targets of links that end with it. Where the word goes on the first star is taken back.</summary>
    public void Close(int opened)
    {
        if (opened >= 0)
            _due.Insert(_due.FindLastIndex(due => due.Opened >= 0) + 1, ("", opened));
    }

    /// <summary>Takes an opening star back: what it opened goes over several blocks, where a star would stand alone.</summary>
    public void TakeBack(int opened)
    {
        if (opened >= 0 && opened < _text.Length && _text[opened] == Star)
            _text[opened] = Nothing;
    }

    /// <summary>Ends the line, but for one that holds an item's mark alone: what comes is the item's.</summary>
    public void EndLine()
    {
        Settle();
        DropBlanks();
        if (_text.Length != _item)
            Append("\n");
    }

    /// <summary>Begins an item in a line of its own.</summary>
    public void Item()
    {
        Settle();
        DropBlanks();
        _text.Append(_text.Length > 0 && _text[^1] != '\n' ? "\n- " : "- ");
        _item = _text.Length;
    }

    /// <summary>Adds something behind the word that stands here.</summary>
    public void Behind(string text)
    {
        if (_due.Count == 0 || _due[^1].Text != text)
            _due.Add((text, -1));
    }

    /// <summary>The text from a place on.</summary>
    public string From(int start) => _text.ToString(Math.Min(start, _text.Length), _text.Length - Math.Min(start, _text.Length));

    /// <summary>Takes back everything from a place on.</summary>
    public void Cut(int start)
    {
        _text.Length = Math.Min(start, _text.Length);
        _due.RemoveAll(due => due.Opened >= start);
        _item = _item > _text.Length ? -1 : _item;
    }

    /// <summary>All of it; the next begins anew.</summary>
    public string Take()
    {
        Settle();
        var text = _text.ToString();
        _text.Clear();
        _item = -1;
        return text;
    }

    /// <summary>Whether anything stands in the line so far.</summary>
    public bool IsInLine()
    {
        DropBlanks();
        var last = _text.Length - (_text.Length > 0 && _text[^1] == ' ' ? 2 : 1);
        return last >= 0 && _text[last] != '\n';
    }

    // All but one at the end, so that whoever asks does not read them again. A mark that was taken back is none, but for its place.
    private void DropBlanks()
    {
        while (_text.Length > 0 && (_text[^1] == Nothing || _text.Length > 1 && _text[^1] == ' ' && _text[^2] is ' ' or Nothing))
            _text.Length--;
    }

    // A tag of Liquid stands in the text as a word of letters, and is none.
    private bool IsInWord
    {
        get
        {
            var start = _text.Length;
            while (start > 0 && _text.Length - start < LongestTag && IsOfWord(_text[start - 1]))
                start--;
            return start < _text.Length && !Placeholders.MayBeIn(_text.ToString(start, _text.Length - start));
        }
    }

    private void GoOn(string text, int end)
    {
        foreach (var (_, opened) in _due.Where(due => due.Opened >= 0))
            _text[opened] = Nothing;
        _due.RemoveAll(due => due.Opened >= 0);
        _text.Append(text, 0, end);
        if (end == text.Length)
            return;
        Settle();
        _text.Append(text, end, text.Length - end);
    }

    private void Settle()
    {
        foreach (var (text, opened) in _due)
            _ = opened >= 0 ? _text.Append(Star) : _text.Append(text);
        _due.Clear();
    }

    /// <summary>The offset behind the letters and digits that a text begins with, an apostrophe between two of them (<c>s</c> of <c>’s</c>) included.</summary>
    private static int WordEnd(string text)
    {
        var end = 0;
        while (end < text.Length && (IsOfWord(text[end]) || text[end] is '\'' or '’' && end + 1 < text.Length && IsOfWord(text[end + 1])))
            end++;
        return Placeholders.MayBeIn(text[..end]) ? 0 : end;
    }

    private static bool IsOfWord(char sign) =>
        sign is not (>= '\u1100' and <= '\u115F' or >= '\u2E80' and <= '\uD7FF' or >= '\uF900' and <= '\uFAFF')
        && (char.IsLetterOrDigit(sign) || char.GetUnicodeCategory(sign) == UnicodeCategory.NonSpacingMark);
}
