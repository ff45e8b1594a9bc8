using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>Finds for each placeholder of a finished HTML document the place it stands in, and makes the template.</summary>
internal sealed class HtmlPlaces(string html, Placeholders placeholders, ICollection<IssueProblem> problems)
{
    private static readonly string[] WithoutEnd = ["br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "base"];
    private readonly List<(string Name, int Id)> _open = [];
    private readonly Dictionary<int, int> _elementOf = [];
    private int _at;
    private int _elements;

    public Template Build(Constants constants)
    {
        var pieces = placeholders.Read(html, PlaceOf).ToList();
        DropCrossing(pieces);
        return LiquidTree.Build(pieces, constants, problems);
    }

    /// <summary>All tags of a choice stand in the same element, or one reader's letter would be cut in the middle of one; those that do not are left out.</summary>
    private void DropCrossing(List<Piece> pieces)
    {
        var (open, dropped) = (new Stack<List<int>>(), new HashSet<int>());
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Tag is not { Kind: not TagKind.Output } tag)
                continue;
            if (tag.Kind == TagKind.If)
                open.Push([]);
            if (!open.TryPeek(out var group))
                continue;
            group.Add(i);
            if (tag.Kind == TagKind.Endif && open.Pop().DistinctBy(index => _elementOf[pieces[index].Offset]).Count() > 1)
                Report(pieces[group[0]].Tag!, group, dropped);
        }
        for (var i = pieces.Count - 1; i >= 0; i--)
            if (dropped.Contains(i))
                pieces.RemoveAt(i);
    }

    private void Report(Tag tag, List<int> group, HashSet<int> dropped)
    {
        dropped.UnionWith(group);
        problems.Add(new(tag.Line, tag.Column, Severity.Error, "if-crosses", "this choice begins in one paragraph, item or cell and goes on in another",
            "put all its tags into one paragraph, or each on a line of its own between blank lines"));
    }

    private Place PlaceOf(Match match)
    {
        var place = Place.Html;
        int? within = null;
        while (_at < match.Index)
        {
            var open = html.IndexOf('<', _at, match.Index - _at);
            if (open < 0)
                break;
            var close = EndOfTag(open);
            if (close > match.Index)
            {
                (place, within) = PlaceInTag(open, match);
                break;
            }
            Pass(open);
            _at = close;
        }
        _elementOf[match.Index] = within is { } attribute ? ~attribute : _open.Count > 0 ? _open[^1].Id : 0;
        return place;
    }

    // `>` may stand inside of a quoted attribute.
    private int EndOfTag(int open)
    {
        if (html.AsSpan(open).StartsWith("<!--"))
            return open + 4; // conditional comments of Outlook: what is inside is HTML too
        char quote = default;
        for (var i = open + 1; i < html.Length; i++)
            if (quote != default)
                quote = html[i] == quote ? default : quote;
            else if (html[i] is '"' or '\'')
                quote = html[i];
            else if (html[i] == '>')
                return i + 1;
        return html.Length;
    }

    /// <summary>The place, and where the attribute stands that holds it: what begins in a text does not end in an attribute.</summary>
    private (Place Place, int Attribute) PlaceInTag(int open, Match match)
    {
        var before = html.AsSpan(open, match.Index - open);
        var quote = before.LastIndexOf("=\"") is var straight && straight > before.LastIndexOf("='") ? straight : before.LastIndexOf("='");
        if (quote < 0)
            return (Place.Attribute, open);

        var name = before[..quote][(before[..quote].LastIndexOfAny(" \t\n/") + 1)..];
        if (!name.Equals("href", StringComparison.OrdinalIgnoreCase) && !name.Equals("src", StringComparison.OrdinalIgnoreCase) && !name.Equals("background", StringComparison.OrdinalIgnoreCase))
            return (Place.Attribute, open + quote);
        return (before[(quote + 2)..].IsEmpty ? Place.Url : Place.UrlPart, open + quote);
    }

    private void Pass(int at)
    {
        var isEnd = at + 1 < html.Length && html[at + 1] == '/';
        var start = at + (isEnd ? 2 : 1);
        var end = start;
        while (end < html.Length && char.IsAsciiLetterOrDigit(html[end]))
            end++;
        var name = html[start..end].ToLowerInvariant();
        if (name.Length == 0 || Array.IndexOf(WithoutEnd, name) >= 0)
            return;
        if (!isEnd)
            _open.Add((name, ++_elements));
        else if (_open.FindLastIndex(open => open.Name == name) is >= 0 and var index)
            _open.RemoveRange(index, _open.Count - index);
    }
}
