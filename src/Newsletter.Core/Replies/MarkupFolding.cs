using System.Text;

namespace Newsletter.Replies;

/// <summary>An HTML text, folded and safe.</summary>
/// <param name="Blocks">Its parts in their order.</param>
/// <param name="Remote">What it would have loaded.</param>
public sealed record MarkupReading(IReadOnlyList<FoldedMarkup> Blocks, RemoteContent Remote);

/// <summary>Folds an HTML text by the same rules as a plain one, with what its elements tell beside.</summary>
/// <remarks>Each part is the document with the other parts' words taken out: elements around are opened and closed anew in each, so that every part is whole.</remarks>
public static class MarkupFolding
{
    /// <summary>What is read of an HTML text; the rest is in the raw mail.</summary>
    public const int MaxLength = 1_000_000;

    private const int MostBlocks = 400;

    /// <summary>Characters of tags that are opened anew in later parts: behind them no new part begins.</summary>
    private const int MostReopened = 1_000_000;

    /// <summary>Reads any HTML. Linear in its length.</summary>
    /// <param name="html">As it came; beyond <see cref="MaxLength"/> it is cut off.</param>
    /// <param name="imageOf">The address on our site of an image of the mail by its Content-ID; null where there is none to show.</param>
    /// <param name="isForward">Whether the subject says that a mail is handed on.</param>
    public static MarkupReading Fold(string html, Func<string, string?> imageOf, bool isForward = false)
    {
        var reading = new HtmlReading(imageOf);
        var leaves = reading.Read(html[..Math.Min(html.Length, MaxLength)]);
        return new(Write(leaves, LineFolding.Kinds(leaves.Lines, isForward)), reading.Remote);
    }

    private static List<FoldedMarkup> Write(HtmlLeaves leaves, BlockKind[] kinds)
    {
        var blocks = new List<(BlockKind Kind, int First, StringBuilder Html)>();
        var (open, written, reopened) = (new List<HtmlStep>(), 0, 0); // of the open elements so many are written in this part
        foreach (var step in leaves.Steps)
        {
            if (step.IsOpen)
            {
                open.Add(step);
                continue;
            }
            if (!step.IsContent)
            {
                if (written == open.Count && blocks.Count > 0)
                {
                    blocks[^1].Html.Append(open[^1].Close);
                    written--;
                }
                open.RemoveAt(open.Count - 1);
                continue;
            }
            var kind = step.Line < kinds.Length ? kinds[step.Line] : BlockKind.Written;
            if (blocks.Count == 0 || (blocks[^1].Kind != kind && blocks.Count < MostBlocks && reopened < MostReopened))
            {
                CloseAll(blocks, open, written);
                blocks.Add((kind, step.Line, new()));
                written = 0;
            }
            for (; written < open.Count; written++)
            {
                blocks[^1].Html.Append(open[written].Open);
                reopened += open[written].Open.Length;
            }
            blocks[^1].Html.Append(step.Content);
        }
        CloseAll(blocks, open, written);
        return [.. blocks.Select((block, i) => new FoldedMarkup(block.Kind, Text(leaves, block.First, i + 1 < blocks.Count ? blocks[i + 1].First : leaves.Texts.Count), block.Html.ToString()))];
    }

    private static void CloseAll(List<(BlockKind Kind, int First, StringBuilder Html)> blocks, List<HtmlStep> open, int written)
    {
        while (blocks.Count > 0 && written > 0)
            blocks[^1].Html.Append(open[--written].Close);
    }

    private static string Text(HtmlLeaves leaves, int first, int end) => string.Concat(leaves.Texts.Skip(first).Take(end - first).Select(text => text + "\n"));
}
