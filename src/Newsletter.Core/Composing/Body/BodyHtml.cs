using Markdig.Extensions.Footnotes;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Newsletter.Composing.Body;

/// <summary>The repaired tree as HTML for one medium. <see cref="HtmlFragment"/> finishes it.</summary>
internal static class BodyHtml
{
    public static string Write(MarkdownDocument document, BodyScope scope)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        MarkdownPipelines.Of(scope.Options).Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeWriter());
        renderer.ObjectRenderers.RemoveAll(writer => writer is HtmlFootnoteLinkRenderer or HtmlFootnoteGroupRenderer);
        renderer.ObjectRenderers.InsertRange(0, [new Forms.PartWriter(scope.IsMail), new Forms.ButtonWriter(scope.IsMail), new Notes.LinkWriter(), new Notes.GroupWriter()]);
        renderer.Render(document);
        return writer.ToString();
    }

    private sealed class CodeWriter : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            var language = (obj as FencedCodeBlock)?.Info ?? "";
            renderer.EnsureLine().Write("<pre><code").WriteAttributes(obj.TryGetAttributes(), null).Write('>');
            renderer.Write(CodeColours.Html(obj.Lines.ToString(), language));
            renderer.WriteLine(obj.Lines.Count > 0 ? "\n</code></pre>" : "</code></pre>");
        }
    }
}
