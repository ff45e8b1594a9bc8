using Markdig.Extensions.CustomContainers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Parts between <c>::: NAME</c> and <c>:::</c>: for one medium only (<c>mail</c>, <c>web</c>), or of a form (<c>button</c>, <c>figure</c>). Any other <c>:::</c> is text.</summary>
internal static class Containers
{
    public const string Button = "button";
    public const string Figure = "figure";
    private const string Forms = "`::: mail`, `::: web`, `::: button` or `::: figure`";

    /// <summary>Parts of the other medium go, and so do the marks around those of this one.</summary>
    public static void Keep(MarkdownDocument document, string medium, BodyProblems problems)
    {
        foreach (var part in document.Descendants<CustomContainer>().ToList())
        {
            if (part.ClosingFencedCharCount == 0)
                problems.Add(problems.At(part), Severity.Error, "block-open", $"`::: {part.Info}` has no end", "write a line `:::` behind the part");
            if (part.Info is "mail" or "web" && part.Info != medium)
                part.Parent?.Remove(part);
        }
        SayStrays(document, problems);
    }

    private static void SayStrays(MarkdownDocument document, BodyProblems problems)
    {
        var isOpen = false; // the `:::` that ends what is not known is no second slip
        foreach (var stray in document.Descendants<ParagraphBlock>())
        {
            if (stray.Inline?.FirstChild is not LiteralInline first || !first.Content.AsSpan().StartsWith(":::"))
                continue;
            var isEnd = first.Content.AsSpan().Trim(" :").IsEmpty && first.NextSibling is null;
            if (!isOpen || !isEnd)
                problems.Add(problems.At(stray), Severity.Warning, "block-unknown", "this `:::` is no part that is known and stays visible", $"write {Forms}, and `:::` at its end");
            isOpen = !isEnd && !(stray.Inline.LastChild is LiteralInline last && last.Content.AsSpan().Trim(" :").IsEmpty);
        }
    }

    /// <summary>Reads them.</summary>
    internal sealed class Parser : CustomContainerParser
    {
        public Parser() => InfoParser = ReadName;

        // `:::` ends the innermost part; Markdig alone would end the outermost, and would end it at a line of code.
        public override BlockState TryContinue(BlockProcessor processor, Block block)
        {
            if (processor.CurrentChar != ':' || block is not CustomContainer { LastChild: IFencedBlock { ClosingFencedCharCount: 0 } })
                return base.TryContinue(processor, block);

            processor.GoToColumn(processor.ColumnBeforeIndent);
            return BlockState.Continue;
        }

        private static bool ReadName(BlockProcessor state, ref StringSlice line, IFencedBlock fenced, char openingCharacter)
        {
            var words = line.ToString().Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var isOne = words is ["mail" or "web" or Button] or [Figure, ..];
            if (!isOne)
                return false;

            fenced.Info = words[0];
            fenced.Arguments = words.Length > 1 ? words[1] : "";
            line.Start = line.End + 1;
            return true;
        }
    }
}
