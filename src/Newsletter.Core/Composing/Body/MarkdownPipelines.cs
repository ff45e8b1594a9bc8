using System.Collections.Concurrent;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>How Markdown is read, for each set of options.</summary>
/// <remarks>
/// CommonMark with pipe tables, <c>~~</c>, bare addresses as links and our own parts and fill-ins; no other extension, for each of the others changes the
/// meaning of something that real issues hold (<c>C++20 ... C++17</c>, <c>[X]</c>, <c>std::sort</c>, <c>$250k</c>).
/// </remarks>
internal static class MarkdownPipelines
{
    private static readonly ConcurrentDictionary<MarkdownOptions, MarkdownPipeline> Built = new();

    public static MarkdownPipeline Of(MarkdownOptions options) => Built.GetOrAdd(options with { SmartPunctuation = false }, Build);

    private static MarkdownPipeline Build(MarkdownOptions options)
    {
        var builder = new MarkdownPipelineBuilder()
            .UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true, UseGfmRules = true })
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseAutoLinks()
            .UsePreciseSourceLocation();
        builder.Extensions.Add(new OwnParsers(options));
        if (options.Footnotes)
            builder.Extensions.Add(new FootnoteExtension());
        if (options.Emoji)
            builder.UseEmojiAndSmiley(enableSmileys: false);
        return builder.Build();
    }

    private sealed class OwnParsers(MarkdownOptions options) : IMarkdownExtension
    {
        public void Setup(MarkdownPipelineBuilder pipeline)
        {
            pipeline.BlockParsers.Insert(0, new Containers.Parser());
            BoundedMarks.Watch(pipeline.BlockParsers);
            BoundedTables.Watch(pipeline.BlockParsers);
            pipeline.InlineParsers.Insert(0, new FillIn.Parser());
            pipeline.InlineParsers.Insert(0, new Growth.Parser());
            if (options.Attributes)
                pipeline.InlineParsers.Insert(0, new AttributeList.Parser());
        }

        public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
        {
            // The writers depend on the medium: BodyHtml has them.
        }
    }
}
