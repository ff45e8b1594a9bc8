using Microsoft.AspNetCore.Components;

namespace Newsletter.Web;

/// <summary>A page for readers: it says nothing but what stands in <see cref="ReaderTexts"/>, in the language that its request is answered in.</summary>
public abstract class ReaderPage : ComponentBase
{
    /// <summary>From <see cref="PageWriter"/>.</summary>
    [CascadingParameter] public ReaderTexts Texts { get; set; } = null!;

    [Inject] public Publication Publication { get; set; } = null!;

    [Inject] internal SitePaths Paths { get; set; } = null!;
}
