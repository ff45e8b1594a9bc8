using System.Text.RegularExpressions;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Features of HTML and CSS that mail programs lack: in the author's own HTML by line, in a theme of the publication's own in one sentence each.</summary>
internal static partial class ClientRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var use in manuscript.Tags.Where(use => use.Tag.Kind == RawKind.Start))
            foreach (var fact in OfTag(use.Tag).DistinctBy(fact => fact.Source))
                yield return manuscript.At(use.Offset, fact.Breaks ? "client-breaks" : "client-fades", Message(fact));
        if (manuscript.Links.FirstOrDefault(link => link.Target.StartsWith('#') && link.Target.Length > 1) is { } anchor && ClientFacts.Known.Of("link", "anchor") is { } jump)
            yield return manuscript.At(anchor.TargetOffset, "client-anchor", $"links to a place in the same letter do nothing in {jump.Without}");
        if (!Theme.Names.Any(name => Theme.Find(name)?.LetterStyle == manuscript.Theme.LetterStyle)) // ours were looked at in those programs
            foreach (var problem in OfTheme(manuscript))
                yield return problem;
    }

    private static IEnumerable<ClientFact> OfTag(RawTag tag)
    {
        if (ClientFacts.Known.Of("element", tag.Name) is { } element && HtmlRules.Elements.Contains(tag.Name)) // others are left out, and said to be
            yield return element;
        foreach (var (name, value) in tag.Attributes)
        {
            if (HtmlRules.Attributes.Contains(name) && ClientFacts.Known.Of("attribute", name) is { } attribute)
                yield return attribute;
            if (name == "style")
                foreach (var fact in Css.Declarations(value).SelectMany(one => ClientFacts.Known.OfDeclaration(one.Property, one.Value)))
                    yield return fact;
        }
    }

    private static IEnumerable<IssueProblem> OfTheme(Manuscript manuscript)
    {
        var facts = Css.Blocks(manuscript.Theme.LetterStyle).SelectMany(OfBlock).DistinctBy(fact => fact.Source).Where(fact => fact.Breaks).OrderBy(fact => fact.Name, StringComparer.Ordinal).ToList();
        if (facts.Count > 0)
            yield return Manuscript.Whole("theme-client", $"theme {manuscript.Theme.Name}: {string.Join("; ", facts.Select(fact => $"`{fact.Name}` is nothing to {fact.Without}"))}");
    }

    private static IEnumerable<ClientFact> OfBlock((string Head, string Body) block)
    {
        if (AtRule().Match(block.Head) is { Success: true } at && ClientFacts.Known.Of("at", at.Groups[1].Value) is { } rule)
            yield return rule;
        foreach (Match pseudo in Pseudo().Matches(block.Head))
            if (ClientFacts.Known.Of("pseudo", pseudo.Groups[1].Value) is { } fact)
                yield return fact;
        foreach (var (property, value) in Css.Declarations(block.Body))
            foreach (var fact in ClientFacts.Known.OfDeclaration(property, value))
                yield return fact;
    }

    private static string Message(ClientFact fact) => $"`{fact.Name}` is nothing to {fact.Without}";

    [GeneratedRegex(@"^@([a-z-]+)")]
    private static partial Regex AtRule();

    [GeneratedRegex(@"::?([a-z-]+)")]
    private static partial Regex Pseudo();
}
