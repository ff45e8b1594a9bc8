using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Inlining;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Whether words can be told from their ground, in light and in dark: WCAG 2.2 §1.4.3 on every pair of colours in the finished letter.</summary>
internal static partial class ContrastRules
{
    private const double Needed = 4.5;
    private const double NeededLarge = 3;

    // Nobody gets a longer letter whole, and a page of it shows all pairs of colours.
    private const int Longest = 1_000_000;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        if (manuscript.LetterHtml.Length > Longest)
            return [];

        var light = Letters.Faint(manuscript.Letter, Look.Light);
        var dark = DarkLetter(manuscript) is { } letter ? Letters.Faint(letter, Look.Dark) : [];
        return light.Select(pair => Problem(manuscript, pair, "light")).Concat(dark.Select(pair => Problem(manuscript, pair, "dark")));
    }

    /// <summary>The letter as a program in the dark shows it; null where it says nothing of the dark.</summary>
    private static AngleSharp.Html.Dom.IHtmlDocument? DarkLetter(Manuscript manuscript)
    {
        var has = false;
        var html = StyleElement().Replace(manuscript.LetterHtml, match =>
        {
            has |= Dark().IsMatch(match.Groups[2].Value);
            return match.Groups[1].Value + Css.Unwrapped(match.Groups[2].Value, Dark(), Light()) + "</style>";
        });
        return has ? new HtmlParser().ParseDocument(Inliner.Inline(html, new InlinerOptions())) : null;
    }

    private static IssueProblem Problem(Manuscript manuscript, FaintPair pair, string look)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"{pair.Text} on {pair.Ground} has a contrast of {Math.Floor(pair.Ratio * 10) / 10:0.0} in {look}, {pair.Needed:0.#} is needed: `{Words.Short(pair.Sample)}`");
        if (manuscript.Tags.FirstOrDefault(use => Gives(use.Tag, pair)) is { } own)
            return manuscript.At(own.Offset, "contrast", message);
        foreach (var (used, text) in manuscript.Parts)
            if (text.Tags.FirstOrDefault(use => Gives(use.Tag, pair)) is { } tag)
                return manuscript.At(used, text.At(tag.Offset, "contrast", message));
        return Manuscript.Whole("contrast", HasOwnColours(manuscript) ? message : $"theme {manuscript.Theme.Name}: {message}");
    }

    // A colour that shines through gives a pair that nobody wrote: where the text has colours of its own, the theme is not to blame for certain.
    private static bool HasOwnColours(Manuscript manuscript) => manuscript.Tags.Concat(manuscript.Parts.SelectMany(part => part.Text.Tags))
        .Any(use => use.Tag["color"] is not null || use.Tag["bgcolor"] is not null || use.Tag["style"] is { } style && (style.Contains("color", StringComparison.OrdinalIgnoreCase) || style.Contains("background", StringComparison.OrdinalIgnoreCase)));

    private static bool Gives(RawTag tag, FaintPair pair) => tag.Kind == RawKind.Start
        && Css.Declarations(tag["style"] ?? "").Where(one => one.Property is "color" or "background" or "background-color").Select(one => one.Value).Append(tag["color"] ?? "").Append(tag["bgcolor"] ?? "")
            .Select(Colour.Read).Any(colour => colour is { } given && (given.ToString() == pair.Text || given.ToString() == pair.Ground));

    /// <summary>Words that are hard to see.</summary>
    internal sealed record FaintPair(string Text, string Ground, double Ratio, double Needed, string Sample);

    /// <summary>What is inherited from element to element.</summary>
    internal sealed record Look(Colour Text, Colour Ground, double Size, bool IsBold)
    {
        public static Look Light { get; } = new(Colour.Black, Colour.White, 16, false);

        // What browsers take where a letter that knows the dark says no colour.
        public static Look Dark { get; } = new(Colour.White, new(18, 18, 18), 16, false);

        public double Needed => Size >= 24 || Size >= 18.66 && IsBold ? NeededLarge : ContrastRules.Needed;
    }

    /// <summary>Walks a letter whose styles stand on its elements.</summary>
    private static class Letters
    {
        public static IReadOnlyList<FaintPair> Faint(IDocument letter, Look look)
        {
            var found = new Dictionary<(string, string), FaintPair>();
            var open = new Stack<(INode Node, Look Look)>();
            if (letter.Body is { } body)
                open.Push((body, look));
            while (open.TryPop(out var at))
            {
                if (at.Node is IText text)
                    Weigh(text, at.Look, found);
                else if (at.Node is IElement element && Of(element, at.Look) is { } own)
                    for (var i = element.ChildNodes.Length - 1; i >= 0; i--)
                        open.Push((element.ChildNodes[i], own));
            }
            return [.. found.Values];
        }

        private static void Weigh(IText text, Look look, Dictionary<(string, string), FaintPair> found)
        {
            if (!text.Data.Any(c => char.IsLetterOrDigit(c)))
                return;
            var shown = look.Text.Over(look.Ground);
            var ratio = shown.Contrast(look.Ground);
            if (ratio < look.Needed - 0.005)
                found.TryAdd((shown.ToString(), look.Ground.ToString()), new(shown.ToString(), look.Ground.ToString(), ratio, look.Needed, text.Data.Trim()));
        }

        /// <summary>Null for what is not shown.</summary>
        private static Look? Of(IElement element, Look look)
        {
            if (element.LocalName is "style" or "script" or "template" or "title")
                return null;
            if (element.LocalName is "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "th" or "b" or "strong")
                look = look with { IsBold = true };
            if (element.GetAttribute("bgcolor") is { } bgcolor && Colour.Read(bgcolor) is { } ground)
                look = look with { Ground = ground.Over(look.Ground) };
            if (element.LocalName == "font" && Colour.Read(element.GetAttribute("color") ?? "") is { } font)
                look = look with { Text = font };
            if (element.LocalName == "a" && element.HasAttribute("href"))
                look = look with { Text = look.Ground.Contrast(Colour.White) < look.Ground.Contrast(Colour.Black) ? new(0, 0, 238) : new(158, 158, 255) };
            foreach (var (property, value) in Css.Declarations(element.GetAttribute("style") ?? ""))
            {
                if (property == "display" && value.StartsWith("none", StringComparison.OrdinalIgnoreCase))
                    return null;
                look = With(look, property, value);
            }
            return look;
        }

        private static Look With(Look look, string property, string value) => property switch
        {
            "color" when Colour.Read(value) is { } text => look with { Text = text },
            "background-color" when Colour.Read(value) is { } ground => look with { Ground = ground.Over(look.Ground) },
            "background" when value.Split(' ').Select(Colour.Read).FirstOrDefault(colour => colour is not null) is { } ground => look with { Ground = ground.Over(look.Ground) },
            "font-size" or "font" when Pixels().Match(value) is { Success: true } size => look with { Size = double.Parse(size.Groups[1].ValueSpan, CultureInfo.InvariantCulture) },
            "font-weight" => look with { IsBold = value.StartsWith("bold", StringComparison.OrdinalIgnoreCase) || int.TryParse(value.Split(' ')[0], out var weight) && weight >= 700 },
            _ => look,
        };
    }

    [GeneratedRegex(@"(<style\b[^>]*>)(.*?)</style>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex StyleElement();

    [GeneratedRegex(@"prefers-color-scheme\s*:\s*dark", RegexOptions.IgnoreCase)]
    private static partial Regex Dark();

    [GeneratedRegex(@"prefers-color-scheme\s*:\s*light", RegexOptions.IgnoreCase)]
    private static partial Regex Light();

    [GeneratedRegex(@"(?:^|\s)([0-9]{1,4}(?:\.[0-9]{1,4})?)px")]
    private static partial Regex Pixels();
}
