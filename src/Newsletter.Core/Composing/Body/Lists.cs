using System.Globalization;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Puts lists where they are asked for: a paragraph <c>[[list: jobs]]</c> becomes the items of <c>data/jobs.yaml</c> that are of the issue's time, <c>[[count: jobs]]</c> their number.</summary>
internal sealed class Lists(BodyScope scope, BodyProblems problems, Func<string, Func<int, int>, MarkdownDocument> parse)
{
    /// <summary>Items in one issue: more would be no letter.</summary>
    private const int MaxShown = 500;
    private const int MaxSigns = IssueFile.MaxBytes;

    private readonly Dictionary<string, DataList?> _known = new(StringComparer.Ordinal);
    private int _shown;
    private long _signs;

    public void Fill(MarkdownDocument document)
    {
        foreach (var paragraph in document.Descendants<ParagraphBlock>().ToList())
            if (Snippets.AskedFor(paragraph, FillIn.List) is { } list)
                Fill(paragraph, list);
        foreach (var count in document.Descendants<FillIn>().Where(fillIn => fillIn.Name == FillIn.Count).ToList())
            count.ReplaceBy(new LiteralInline(Count(count)) { Line = count.Line, Column = count.Column });
    }

    private void Fill(ParagraphBlock paragraph, FillIn asked)
    {
        var (parent, use) = (paragraph.Parent!, problems.At(paragraph));
        var at = parent.IndexOf(paragraph);
        parent.RemoveAt(at);
        if (Chosen(asked, use) is not { } chosen)
            return;
        if (chosen.Items.Count == 0 && chosen.Ask.Default.Length > 0)
            parent.Insert(at, new ParagraphBlock { Inline = new ContainerInline().AppendChild(new LiteralInline(chosen.Ask.Default)), Line = paragraph.Line });
        else if (chosen.Items.Count == 0)
            problems.Add(use, Severity.Warning, "list-empty", $"{chosen.List.FileName} has no item for this issue{(chosen.Ask.IsNew ? " that is new" : "")}, and nothing stands here", $"write `[[{FillIn.List}: {asked.Argument} | default: \"words\"]]`, or take it out");
        else
            Write(chosen.List, chosen.Items, use, block => parent.Insert(at++, block));
    }

    private void Write(DataList list, IReadOnlyList<DataItem> items, Spot use, Action<Block> write)
    {
        var form = new ItemForm(list, scope, problems, parse, use);
        foreach (var item in items)
        {
            if (++_shown > MaxShown)
            {
                problems.Add(use, Severity.Error, "list-large", $"more than {MaxShown} items of lists are in this issue", "show only the new ones: [[list: NAME new]]");
                return;
            }
            _signs += form.SizeOf(item);
            if (_signs > MaxSigns)
            {
                problems.Add(use, Severity.Error, "list-large", $"the items of lists in this issue have more than {MaxSigns:N0} signs", "show only the new ones, [[list: NAME new]], or shorten their form");
                return;
            }
            if (form.Write(item) is { } blocks)
                write(blocks);
        }
    }

    private string Count(FillIn asked)
    {
        if (Chosen(asked, problems.At(asked)) is not { } chosen)
            return asked.Source;
        return chosen.Items.Count == 0 && chosen.Ask.Default.Length > 0 ? chosen.Ask.Default : chosen.Items.Count.ToString(CultureInfo.InvariantCulture);
    }

    private (DataList List, ListAsk Ask, IReadOnlyList<DataItem> Items)? Chosen(FillIn asked, Spot use)
    {
        if (ListAsk.Read(asked.Argument) is not { } ask)
        {
            problems.Add(use, Severity.Error, "list-words", $"`{asked.Source}` is no way to ask for a list", "write [[list: NAME]], [[list: NAME new]], [[list: NAME by KEY]], [[list: NAME by -KEY]], and | default: \"words\" behind it for when there is none");
            return null;
        }
        if (Known(ask.Name, use) is not { } list)
            return null;

        if (ask.By.Length > 0 && list.Items.Count > 0 && !list.Items.Any(item => item.Values.ContainsKey(ask.By)))
            problems.Add(use, Severity.Error, "list-words", $"no item of {list.FileName} has a `{ask.By}` to be put in order by", "write one of its keys, in lower case");
        foreach (var item in ask.IsNew ? list.Items.Where(item => item.Posted is null) : [])
            problems.Add(use.In(list.FileName, item.Line), Severity.Error, "list-item", "the item has no `posted`, so nobody knows whether it is new", "write the day on which it came: posted: 2026-01-31");
        return (list, ask, [.. ask.Choose(list.Items, (scope.Date, scope.Number), scope.Surroundings)]);
    }

    /// <summary>The list; what is wrong with its file is said where it is used first.</summary>
    private DataList? Known(string name, Spot use)
    {
        if (_known.TryGetValue(name, out var known))
            return known;

        var list = _known[name] = scope.Surroundings.List(name);
        if (list is null)
            problems.Add(use, Severity.Error, "list-unknown", $"there is no list {name}", "write it into a file data/NAME.yaml or data/NAME.csv; a name has letters, digits, hyphens and underscores");
        problems.AddAll(list?.Problems ?? [], line => use.In(list!.FileName, line));
        problems.AddAll(list?.FormProblems ?? [], line => use.In(list!.FormName, line));
        if (scope.Date is null && list?.Items.Any(item => item.Posted is not null || item.Until is not null) == true)
            problems.Add(use, Severity.Error, "list-date", $"the issue has no date, so nobody knows which items of {list.FileName} are of its time", "write `date: 2026-01-31` in the front matter");
        return list;
    }
}
