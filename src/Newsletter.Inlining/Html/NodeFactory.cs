using AngleSharp;
using AngleSharp.Common;
using AngleSharp.Dom;
using AngleSharp.Html.Construction;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;

namespace Newsletter.Inlining;

/// <summary>Makes the nodes of one document for AngleSharp's tree builder, and knows the tag that it is at.</summary>
internal sealed class NodeFactory : IDomConstructionElementFactory<TreeDocument, Node>
{
    private TreeDocument? document;
    private StringOrMemory tagName;
    private int tagAt = -1;
    private Node? made;

    /// <summary>How many elements of HTML were made.</summary>
    public int Count { get; private set; }

    /// <summary>Sees each token before the builder does: a node that the builder makes of a tag stands at that tag.</summary>
    public TokenConsumptionResult Consume(ref StructHtmlToken token, TokenConsumer next)
    {
        tagAt = -1;
        if (token.Type == HtmlTokenType.StartTag)
            (tagAt, tagName) = (token.Position.Position - 1, token.Name);
        if (document!.NeedsWhole)
            document.Open.SeeUnbuilt(ref token);
        else
            Build(ref token, next);
        return document.Open.IsSpent ? TokenConsumptionResult.Stop : TokenConsumptionResult.Continue;
    }

    private void Build(ref StructHtmlToken token, TokenConsumer next)
    {
        made = null;
        next(ref token);
        document!.Open.See(made);
    }

    public TreeDocument CreateDocument(TextSource source, IBrowsingContext? context = null) => document = new TreeDocument(source);

    public Node Create(TreeDocument document, StringOrMemory localName, StringOrMemory prefix = default, NodeFlags flags = NodeFlags.None)
    {
        Count++;
        var known = ElementKind.OfHtml(localName);
        return made = new Node(known.Name, known.Flags | flags, PlaceOf(localName));
    }

    public Node CreateNoScript(TreeDocument document, bool scripting) => Create(document, TagNames.NoScript);

    public IConstructableNode CreateDocumentType(TreeDocument document, StringOrMemory name, StringOrMemory publicIdentifier, StringOrMemory systemIdentifier) =>
        Inert.Other;

    public IConstructableMathElement CreateMath(TreeDocument document, StringOrMemory name = default) => Foreign(ElementKind.OfMath(name), name);

    public IConstructableSvgElement CreateSvg(TreeDocument document, StringOrMemory name = default) => Foreign(ElementKind.OfSvg(name), name);

    public IConstructableMetaElement CreateMeta(TreeDocument document) => Create(document, TagNames.Meta);

    public IConstructableScriptElement CreateScript(TreeDocument document, bool parserInserted, bool started) =>
        new ScriptNode(ElementKind.OfHtml(TagNames.Script).Flags, PlaceOf(TagNames.Script));

    public IConstructableFrameElement CreateFrame(TreeDocument document) => Create(document, TagNames.Frame);

    public IConstructableTemplateElement CreateTemplate(TreeDocument document)
    {
        document.NeedsWhole = true; // the builder looks for its own class of templates
        return new TemplateNode(ElementKind.OfHtml(TagNames.Template).Flags);
    }

    public IConstructableFormElement CreateForm(TreeDocument document) => Create(document, TagNames.Form);

    public Node CreateUnknown(TreeDocument document, StringOrMemory tagName) =>
        made = new Node(tagName.ToString(), ElementKind.Unknown, PlaceOf(tagName));

    private Node Foreign(ElementKind kind, StringOrMemory name) => made = new Node(kind.Name, kind.Flags, PlaceOf(name));

    /// <summary>Elements that the builder adds by itself (tbody, html) have another name than the tag it is at.</summary>
    private int PlaceOf(StringOrMemory name) =>
        tagAt >= 0 && (tagName.Memory.Span.Equals(name.Memory.Span, StringComparison.OrdinalIgnoreCase) || (tagName == "image" && name == "img")) ? tagAt : -1;

    private sealed class ScriptNode(NodeFlags flags, int place) : Node("script", flags, place), IConstructableScriptElement
    {
        Task IConstructableScriptElement.RunAsync(CancellationToken cancel) => Task.CompletedTask;

        bool IConstructableScriptElement.Prepare(IConstructableDocument document) => false;
    }

    private sealed class TemplateNode(NodeFlags flags) : Node("template", flags, -1), IConstructableTemplateElement
    {
        void IConstructableTemplateElement.PopulateFragment() { }
    }
}
