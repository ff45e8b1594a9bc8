using System.ComponentModel.DataAnnotations;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Something that readers may choose to read about or not; an entry of the list <c>Topics</c> in the configuration.</summary>
public sealed class Topic : IValidatableObject
{
    /// <summary>Its name in the store and in lists: stable, while what readers see may change. No default.</summary>
    [Required] public string Id { get; init; } = "";

    /// <summary>What readers see. Empty: <see cref="Id"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>A sentence about it; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its name in other languages: <c>Names:de</c>.</summary>
    public Dictionary<string, string> Names { get; init; } = [];

    /// <summary>Its description in other languages: <c>Descriptions:de</c>.</summary>
    public Dictionary<string, string> Descriptions { get; init; } = [];

    /// <summary>What readers of a language see.</summary>
    public (string Name, string Description) In(string language) =>
        (Names.GetValueOrDefault(language, Name.Length > 0 ? Name : Id), Descriptions.GetValueOrDefault(language, Description));

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PersonalText.FieldName(Id) != Id)
            yield return new("takes small letters, digits, - and _ alone; write it as press-reviews, and what readers see into Name", [nameof(Id)]);
    }
}
