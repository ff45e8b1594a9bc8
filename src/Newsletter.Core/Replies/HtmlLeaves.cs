using System.Net;
using System.Text;

namespace Newsletter.Replies;

/// <summary>A step through an HTML text: an allowed element begins or ends, or something to see stands there.</summary>
/// <param name="Open">What to write where it begins; empty for the end of an element and for what is to be seen.</param>
/// <param name="Close">What to write where it ends.</param>
/// <param name="Content">What is to be seen, escaped.</param>
/// <param name="Line">The line of a content.</param>
internal readonly record struct HtmlStep(string Open, string Close, string Content, int Line)
{
    public bool IsOpen => Open.Length > 0;

    public bool IsContent => Content.Length > 0;
}

/// <summary>Gathers lines and steps while an HTML text is read: lines for the folding, steps for the safe HTML.</summary>
internal sealed class HtmlLeaves
{
    private const int MostOpen = 40;
    private readonly StringBuilder current = new();
    private readonly List<string> texts = [];
    private readonly List<FoldLine> lines = [];
    private readonly List<HtmlStep> steps = [];
    private readonly Stack<bool> written = new();
    private int open;
    private (int Depth, ElementMark Mark)? place;
    private bool wantsBlank;
    private bool isRest;

    public IReadOnlyList<string> Texts => texts;

    public IReadOnlyList<FoldLine> Lines => lines;

    public IReadOnlyList<HtmlStep> Steps => steps;

    /// <summary>How much of a line there is so far; for the words of a link.</summary>
    public int Column => current.Length;

    /// <summary>The words of this line from a column on.</summary>
    public string Since(int column) => column < current.Length ? current.ToString(column, current.Length - column) : "";

    public void RestIsQuoted() => isRest = true;

    /// <summary>Words, whose blanks are those of HTML unless they are preformatted.</summary>
    public void Text(string text, int depth, ElementMark mark, bool isPreformatted)
    {
        if (isPreformatted)
        {
            var parts = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
            for (var at = 0; at < parts.Length; at++)
            {
                Add(parts[at], depth, mark);
                if (at + 1 < parts.Length)
                    Break("\n", depth, mark);
            }
            return;
        }
        Add(Collapsed(text, isStart: current.Length == 0 || current[^1] == ' '), depth, mark);
    }

    /// <summary>Something to see that is no text.</summary>
    public void See(string html, string words, int depth, ElementMark mark)
    {
        Place(depth, mark);
        current.Append(words);
        steps.Add(new("", "", html, lines.Count));
    }

    /// <summary>A line ends by itself, though it be blank.</summary>
    public void Break(string html, int depth, ElementMark mark)
    {
        Place(depth, mark);
        steps.Add(new("", "", html, lines.Count));
        EndLine();
    }

    /// <summary>A line ends if there is any.</summary>
    public void EndBlock(bool withBlank)
    {
        if (current.Length > 0)
            EndLine();
        else if (place is { } empty)
            (place, isRest) = (null, isRest || empty.Mark is ElementMark.Rest);
        wantsBlank |= withBlank;
    }

    /// <summary>A line of its own that is drawn.</summary>
    public void Rule(int depth, ElementMark mark)
    {
        EndBlock(withBlank: false);
        See("<hr>", "__________", depth, mark);
        EndLine();
    }

    public void Open(string html, string close)
    {
        var isWritten = open < MostOpen;
        written.Push(isWritten);
        open += isWritten ? 1 : 0;
        if (isWritten)
            steps.Add(new(html, close, "", lines.Count));
    }

    /// <param name="after">What to write behind the element.</param>
    public void Close(string after = "")
    {
        if (!written.TryPop(out var isWritten) || !isWritten)
            return;
        open--;
        steps.Add(new("", "", "", lines.Count));
        if (after.Length > 0)
            steps.Add(new("", "", after, lines.Count));
    }

    /// <summary>A cell takes its place even where it is empty.</summary>
    public void Cell(int depth, ElementMark mark)
    {
        if (place is null && current.Length == 0)
            Place(depth, mark);
        steps.Add(new("", "", "\u200B", lines.Count));
    }

    public void End()
    {
        if (current.Length > 0)
            EndLine();
    }

    private void Add(string text, int depth, ElementMark mark)
    {
        if (text.Length == 0)
            return;
        Place(depth, mark);
        current.Append(text);
        steps.Add(new("", "", WebUtility.HtmlEncode(text), lines.Count));
    }

    private void Place(int depth, ElementMark mark)
    {
        if (place is not null)
            return;
        if (wantsBlank && lines is [.., { IsBlank: false }])
        {
            lines.Add(new("", lines[^1].Depth, lines[^1].Mark is ElementMark.Rest ? ElementMark.None : lines[^1].Mark));
            texts.Add("");
        }
        wantsBlank = false;
        place = (depth, isRest ? ElementMark.Rest : mark);
        isRest = false;
    }

    private void EndLine()
    {
        var text = current.ToString().Trim();
        var line = FoldLine.Of(text.Replace("\u200B", "", StringComparison.Ordinal));
        lines.Add(line with { Depth = line.Depth + place!.Value.Depth, Mark = place.Value.Mark });
        texts.Add(text);
        current.Clear();
        place = null;
    }

    private static string Collapsed(string text, bool isStart)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (var letter in text)
            if (letter is not (' ' or '\t' or '\n' or '\r' or '\f'))
                collapsed.Append(letter);
            else if (collapsed.Length > 0 ? collapsed[^1] != ' ' : !isStart)
                collapsed.Append(' ');
        return collapsed.ToString();
    }
}
