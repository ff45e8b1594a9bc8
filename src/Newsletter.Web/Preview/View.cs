namespace Newsletter.Web;

/// <summary>One way to look at an issue.</summary>
/// <param name="Word">In addresses.</param>
/// <param name="Name">On the page.</param>
/// <param name="Tells">What is seen, one sentence.</param>
public sealed record View(string Word, string Name, string Tells)
{
    public static View Desktop { get; } = new("desktop", "Desktop", "The letter in a wide window, in light colours.");
    public static View Phone { get; } = new("phone", "Phone", "The letter on a screen of 375 pixels.");
    public static View Dark { get; } = new("dark", "Dark", "The letter's own dark colours, as Apple Mail and Thunderbird show them.");
    public static View Forced { get; } = new("forced", "Forced dark", "The light letter turned dark by the mail program, about as Gmail's and Outlook's apps do it.");
    public static View ImagesOff { get; } = new("images-off", "Images off", "The letter before its reader lets images in: what stands in their place is the alternative text.");
    public static View Text { get; } = new("text", "Plain text", "The text part, for readers and programs that take no HTML.");
    public static View Source { get; } = new("source", "Source", "The file as it is written, and the letter's HTML as it is sent.");
    public static View Page { get; } = new("page", "Web page", "The page of the archive that \u201cview in browser\u201d leads to.");

    /// <summary>In the order of the keys 1 to 8.</summary>
    public static IReadOnlyList<View> All { get; } = [Desktop, Phone, Dark, Forced, ImagesOff, Text, Source, Page];

    /// <summary>Whether it is a document of its own, shown in a frame.</summary>
    public bool IsFramed => this != Text && this != Source;

    /// <summary>The view of that word; the first for any other.</summary>
    public static View Of(string? word) => All.FirstOrDefault(view => view.Word == word) ?? Desktop;
}
