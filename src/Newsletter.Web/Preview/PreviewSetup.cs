using Newsletter.Composing;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>What <c>newsletter preview</c> was asked to show.</summary>
public sealed record PreviewSetup
{
    /// <summary>The publication's folder.</summary>
    public required PublicationFolder Folder { get; init; }

    /// <summary>Who sends; a sample where nothing is configured.</summary>
    public required Publication Publication { get; init; }

    /// <summary>What the letter says to nobody in particular.</summary>
    public required PersonalValues Sample { get; init; }

    /// <summary>An issue's file, or a folder of them; absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The address of the subscriber whose letter is shown first; empty: the sample's.</summary>
    public string Subscriber { get; init; } = "";

    /// <summary>Where to listen.</summary>
    public required IReadOnlyList<string> Listen { get; init; }
}
