using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Newsletter.Composing;

/// <summary>Tags leave the source before Markdown and HTML see it, as words of letters and digits, and come back in the finished text.</summary>
/// <remarks>A tag's blanks, bars, quotes and braces would end a link target, split a table cell or be escaped; one plain word comes through all of it unharmed.</remarks>
internal sealed partial class Placeholders
{
    private const string Word = "slot";

    private readonly List<Tag> _tags = [];
    private readonly string _mark;

    /// <param name="texts">Everything that goes into the finished text: the mark is a word that none of it holds.</param>
    public Placeholders(params IEnumerable<string> texts)
    {
        var taken = texts.SelectMany(text => Marks().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        var free = 0;
        while (taken.Contains(free.ToString(CultureInfo.InvariantCulture)))
            free++;
        _mark = $"zq{free}{Word}";
        Pattern = new(_mark + "([0-9]+)z", RegexOptions.CultureInvariant);
    }

    /// <summary>A placeholder; the group is its index.</summary>
    public Regex Pattern { get; }

    /// <summary>Whether a text may hold a placeholder of any issue.</summary>
    public static bool MayBeIn(string text) => text.Contains(Word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text holds a placeholder, of whatever issue.</summary>
    public static bool MayHold(string text) => MayBeIn(text) && Any().IsMatch(text);

    /// <summary>A text that comes late, without the mark: a word that nobody writes by chance. A blank stands for it, for nothing would let the text around it grow together to another.</summary>
    public string WithoutMark(string text) => text.Replace(_mark, " ", StringComparison.OrdinalIgnoreCase);

    /// <summary>A message with the tags as their author wrote them, more or less.</summary>
    public string Told(string message) => Pattern.Replace(message, match => TagOf(match) is not { } tag ? match.Value : tag.Kind == TagKind.Output ? $"{{{{ {tag.Name} }}}}" : $"{{% {tag.Kind.ToString().ToLowerInvariant()} %}}");

    /// <summary>The pieces as one text.</summary>
    public string Write(IEnumerable<Piece> pieces)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
            text.Append(piece.Tag is { } tag ? Add(tag) : piece.Text);
        return text.ToString();
    }

    /// <summary>The tag of a match of <see cref="Pattern"/>.</summary>
    public Tag? TagOf(Match match) => int.TryParse(match.Groups[1].ValueSpan, out var index) && index < _tags.Count ? _tags[index] : null;

    /// <summary>Text and tags again, each tag with the place that is given to it.</summary>
    public IEnumerable<Piece> Read(string text, Func<Match, Place> placeOf)
    {
        var at = 0;
        foreach (Match match in Pattern.Matches(text))
            if (TagOf(match) is { } tag)
            {
                yield return new(text[at..match.Index], null, at);
                yield return new("", tag, match.Index, placeOf(match));
                at = match.Index + match.Length;
            }
        yield return new(text[at..], null, at);
    }

    private string Add(Tag tag)
    {
        _tags.Add(tag);
        return $"{_mark}{_tags.Count - 1}z";
    }

    [GeneratedRegex($"zq([0-9]{{1,9}}){Word}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    [GeneratedRegex("zq[0-9]+" + Word + "[0-9]+z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Any();
}
