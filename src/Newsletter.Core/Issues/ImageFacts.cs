namespace Newsletter.Issues;

/// <summary>Why a file that an issue shows as an image cannot be shown.</summary>
public enum ImageFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>There is no such file in the publication's folder, or it may not be published.</summary>
    Missing,

    /// <summary>The file has more than <see cref="ImageFacts.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>The file is no PNG, JPEG, GIF, WebP or SVG.</summary>
    NoImage,
}

/// <summary>What is known of an image without drawing it.</summary>
public sealed record ImageFacts
{
    /// <summary>The most octets of an image that is published with an issue: forty times what a letter's image should have.</summary>
    public const int MaxBytes = 10_000_000;

    /// <summary>Pixels across, as it is shown: a photograph that was held upright is higher than wide. Null: not known.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels down; null: not known.</summary>
    public int? Height { get; init; }

    /// <summary>Octets of the file; null: not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Such as <c>image/png</c>, from the octets and not from the name; empty: not known.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>What keeps a local image from being shown.</summary>
    public ImageFault Fault { get; init; }

    /// <summary>The whole file of a local image; null for one that is somewhere on the web.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Whether it is (or ought to be) a file of the publication.</summary>
    public bool IsLocal => Content is not null || Fault != ImageFault.None;
}
