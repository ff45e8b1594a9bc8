using Markdig;
using Markdig.Extensions.CustomContainers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Newsletter.Composing.Body;

/// <summary>Parts for one medium only: <c>::: mail</c> … <c>:::</c> and <c>::: web</c> … <c>:::</c>. Any other <c>:::</c> is text.</summary>
internal sealed class MediumExtension : IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.BlockParsers.Insert(0, new MediumParser());

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
        if (renderer is HtmlRenderer html)
            html.ObjectRenderers.Insert(0, new MediumRenderer());
    }

    private sealed class MediumParser : CustomContainerParser
    {
        public MediumParser() => InfoParser = ReadMedium;

        private static bool ReadMedium(BlockProcessor state, ref StringSlice line, IFencedBlock fenced, char openingCharacter)
        {
            var medium = line.ToString().Trim();
            if (medium is not ("mail" or "web"))
                return false;

            fenced.Info = medium;
            line.Start = line.End + 1;
            return true;
        }
    }

    private sealed class MediumRenderer : HtmlObjectRenderer<CustomContainer>
    {
        protected override void Write(HtmlRenderer renderer, CustomContainer obj) => renderer.WriteChildren(obj);
    }
}
