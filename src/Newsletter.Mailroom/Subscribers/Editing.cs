using System.Text.RegularExpressions;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What a person of the house changes about one subscriber.</summary>
public sealed partial record ProfileEdit
{
    /// <summary>Null: stays; empty: none is known any more.</summary>
    public string? Name { get; init; }

    /// <summary>Fields that get a value; an empty one takes the field away.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags that are added.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Tags that are taken away.</summary>
    public IReadOnlyList<string> Untags { get; init; } = [];

    /// <summary>BCP 47; null: stays; empty: the publication's.</summary>
    public string? Language { get; init; }

    /// <summary>IANA name; null: stays; empty: the publication's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What is to be remembered about them; empty: nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>What cannot be kept so, in words for a person; empty: all can.</summary>
    public IEnumerable<string> Faults()
    {
        if (Fields.Keys.FirstOrDefault(name => !PersonalText.IsFieldName(PersonalText.FieldName(name))) is { } field)
            yield return $"no field can be called \"{PersonalText.OneLine(field, PersonalText.MaxMark)}\": that is no name, or a column with a meaning of its own";
        if (Language is { Length: > 0 } && !LanguageTag().IsMatch(Language))
            yield return $"\"{PersonalText.OneLine(Language, 40)}\" is no language; write it as en, de or pt-BR (BCP 47)";
        if (TimeZone is { Length: > 0 } && !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return $"\"{PersonalText.OneLine(TimeZone, 64)}\" is no time zone; write its IANA name, as Europe/Berlin";
    }

    /// <summary>The profile with the edit in it.</summary>
    public Profile On(Profile profile) => profile with
    {
        Name = Name ?? profile.Name,
        Fields = profile.Fields.Concat(Fields.Select(field => KeyValuePair.Create(PersonalText.FieldName(field.Key), field.Value))).GroupBy(field => field.Key).ToDictionary(same => same.Key, same => same.Last().Value),
        Tags = [.. profile.Tags.Except(Profile.TagsOf(Untags)), .. Tags],
        Language = Language ?? profile.Language,
        TimeZone = TimeZone ?? profile.TimeZone,
    };

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex LanguageTag();
}

/// <summary>Changes what is known of a subscriber; both doors call this.</summary>
public sealed class Editing(SubscriberEdits store, Acts acts, TimeProvider time)
{
    /// <summary>Edits one subscriber; what is as it should be already is not written again, but a note always is.</summary>
    public Task<EditOutcome> EditAsync(SubscriberId subscriber, ProfileEdit edit, CancellationToken ct) => acts.DoAsync(
        () => store.EditAsync(subscriber, edit.On, new(time.GetUtcNow(), acts.By.Words, edit.Note), ct),
        outcome => outcome.IsNew ? new Deed("subscribers edit", subscriber, new { changed = outcome.Changed, note = outcome.HasNote }) : null);
}
