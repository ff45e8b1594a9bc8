using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>Finds for each placeholder of a finished HTML document the place it stands in, and makes the template.</summary>
internal sealed class HtmlPlaces(string html, Placeholders placeholders, ICollection<IssueProblem> problems)
{
    private static readonly string[] WithoutEnd = ["br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "base"];
    private readonly List<(string Name, int Id)> _open = [];
    private readonly Dictionary<int, int> _elementOf = [];
    private HtmlTag? _tag;
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
        GoTo(match.Index);
        if (_tag is not { } tag)
        {
            _elementOf[match.Index] = _open.Count > 0 ? _open[^1].Id : 0;
            return Place.Html;
        }

        var (place, attribute) = tag.PlaceOf(match.Index);
        _elementOf[match.Index] = ~attribute;
        return place;
    }

    // Every sign is passed once, however many placeholders there are.
    private void GoTo(int index)
    {
        while (_at < index && !(_tag?.End > index))
        {
            _at = Math.Max(_at, _tag?.End ?? 0);
            _tag = null;
            var open = html.IndexOf('<', _at, index - _at);
            if (open >= 0 && html.AsSpan(open).StartsWith("<!--"))
                _at = open + 4; // conditional comments of Outlook: what is inside is HTML too
            else if (open >= 0)
            {
                Pass(open);
                _tag = new(html, open);
            }
            else
                _at = index;
        }
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
