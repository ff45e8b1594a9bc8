using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Writes the items of a list, each by the list's form: Markdown with <c>{{ item.title }}</c> for a value.</summary>
/// <remarks>
/// Values come from strangers and never pass through Markdown: the form is read with words in their places, and in the finished tree the values take
/// these places, as text or as an address. So nothing in them is markup, and nothing breaks the markup around them.
/// </remarks>
internal sealed partial class ItemForm
{
    /// <summary>The form of a list that brings none, as docs/writing.md shows it.</summary>
    public const string Default = """
        **{% if item.url %}[{{ item.title }}]({{ item.url }}){% else %}{{ item.title }}{% endif %}**{% if item.company %} - {{ item.company }}{% endif %}{% if item.location %}, {{ item.location }}{% endif %}{% if item.description %} <br/>
        {{ item.description }}{% endif %}
        """;

    private const string Prefix = "item.";
    private const int MaxValue = 5000;

    private readonly DataList _list;
    private readonly BodyScope _scope;
    private readonly BodyProblems _problems;
    private readonly Func<string, Func<int, int>, MarkdownDocument> _parse;
    private readonly Spot _use;
    private readonly string _source;
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly int _firstLine;
    private bool _isWhole;

    public ItemForm(DataList list, BodyScope scope, BodyProblems problems, Func<string, Func<int, int>, MarkdownDocument> parse, Spot use)
    {
        (_list, _scope, _problems, _parse, _use) = (list, scope, problems, parse, use);
        _source = scope.Placeholders.WithoutMark((list.Form ?? Default).ReplaceLineEndings("\n").TrimEnd());
        var found = new List<IssueProblem>();
        _pieces = LiquidChoices.Balanced(new LiquidScanner(_source, 1, 1, found).Scan(), found);
        problems.AddAll(found, line => use.In(list.FormName, line));
        _firstLine = problems.Borrow(list.FormName, _source.AsSpan().Count('\n') + 1, use);
    }

    /// <summary>The item's blocks; null, with a problem, for one that lacks what the form asks for.</summary>
    public MarkdownDocument? Write(DataItem item)
    {
        var source = LiquidSource.Of(LiquidChoices.Decide(_pieces, Values(item)), _source, 1, _scope.Placeholders);
        var document = _parse(source.Text, line => _firstLine + source.Lines[Math.Clamp(line, 0, source.Lines.Count - 1)] - 1);
        _isWhole = true;
        foreach (var node in document.Descendants().ToList())
            Put(node, item);
        return _isWhole ? document : null;
    }

    /// <summary>About how many signs it takes: those of the form and of the values that it asks for, each as often as it does.</summary>
    public long SizeOf(DataItem item) => _source.Length + _pieces.Sum(piece => piece.Tag is { Kind: TagKind.Output } tag && tag.Name.StartsWith(Prefix, StringComparison.Ordinal) ? (long)item.Values.GetValueOrDefault(tag.Name[Prefix.Length..], "").Length : 0);

    // Every name of an item is known, or a choice over one that this item lacks would be left to each reader.
    private Constants Values(DataItem item) => _scope.Constants.With(new Constants(_pieces.Select(piece => piece.Tag).OfType<Tag>().SelectMany(tag => new[] { tag.Name, tag.When.Name })
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Distinct().ToDictionary(name => name, name => item.Values.GetValueOrDefault(name[Prefix.Length..], "").Trim())));

    private void Put(MarkdownObject node, DataItem item)
    {
        switch (node)
        {
            case LiteralInline literal:
                literal.Content = new StringSlice(Filled(literal.Content.ToString(), item, AsText));
                break;
            case LinkInline link:
                link.Url = Filled(link.Url ?? "", item, (value, at) => Address(item, value, isWhole: at == 0));
                link.Title = Filled(link.Title ?? "", item, AsText);
                break;
            case CodeInline code:
                code.Content = Filled(code.Content, item, AsText);
                break;
            case HtmlInline html:
                html.Tag = Filled(html.Tag, item, AsMarkup);
                break;
            case HtmlBlock html:
                html.Lines = new(Filled(html.Lines.ToString(), item, AsMarkup));
                break;
            case CodeBlock code:
                code.Lines = new(Filled(code.Lines.ToString(), item, AsText));
                break;
        }
    }

    /// <summary>A text with the values in their places.</summary>
    /// <param name="text">Of the form.</param>
    /// <param name="item">Whose values.</param>
    /// <param name="put">The value as it may stand at an index of the text.</param>
    private string Filled(string text, DataItem item, Func<string, int, string> put) =>
        _scope.Placeholders.Pattern.Replace(text, match =>
            _scope.Placeholders.TagOf(match) is { Kind: TagKind.Output } tag && tag.Name.StartsWith(Prefix, StringComparison.Ordinal) ? put(Value(item, tag), match.Index) : match.Value);

    private string Value(DataItem item, Tag tag)
    {
        var key = tag.Name[Prefix.Length..];
        var value = Blanks().Replace(_scope.Placeholders.WithoutMark(Places.Cleaned(item.Values.GetValueOrDefault(key, ""))), " ").Trim();
        if (value.Length > MaxValue)
            Refuse(item, $"its `{key}` has {value.Length:N0} signs, at most {MaxValue:N0} are shown", "shorten it");
        if (value.Length == 0 && tag.Default.Length == 0 && _list.Items.Any(other => other.Values.ContainsKey(key)))
            Refuse(item, $"the item has no `{key}`", $"write it, or in {_list.FormName} `{{% if {tag.Name} %}}` … `{{% endif %}}` around what needs it");
        else if (value.Length == 0 && tag.Default.Length == 0)
            Refuse(null, $"no item of {_list.FileName} has a `{key}`", $"correct the name, or write {_list.FormName}: how one item is written, with {{{{ item.KEY }}}} for its values");
        return value.Length > 0 ? value : tag.Default;
    }

    private static string AsText(string value, int at) => value;

    /// <summary>A value that begins an address is a whole one; any other is part of one.</summary>
    private string Address(DataItem item, string value, bool isWhole)
    {
        if (!isWhole || value.Length == 0)
            return Uri.EscapeDataString(value);
        var address = Places.Address(value);
        if (address.Length == 0)
            Refuse(item, $"`{Excerpt.Of(value)}` is no address for letters", "write it whole, with https:// or mailto:");
        return address;
    }

    // In HTML nobody knows here whether the value stands between tags or, without quotes, in one: all but letters and digits is a reference, which is right in both.
    private static string AsMarkup(string value, int at)
    {
        var text = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
            _ = Rune.IsLetterOrDigit(rune) ? text.Append(rune.ToString()) : text.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        return text.ToString();
    }

    private void Refuse(DataItem? item, string message, string hint)
    {
        _isWhole = false;
        _problems.Add(item is null ? _use : _use.In(_list.FileName, item.Line), Severity.Error, "list-item", message, hint);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
