namespace Newsletter.Web;

/// <summary>What the page of choices shows: of somebody who is gone the same, with nobody in it.</summary>
/// <param name="Address">Masked.</param>
/// <param name="Language">The reader's; empty: the publication's.</param>
/// <param name="IsPaused">Whether letters are kept back.</param>
/// <param name="PausedUntil">Until which day; null: until the reader goes on.</param>
/// <param name="Topics">What there is, and what they read.</param>
/// <param name="First">The first day on which a pause can end.</param>
/// <param name="Last">The last.</param>
public sealed record PreferencesView(string Address, string Language, bool IsPaused, DateOnly? PausedUntil, IReadOnlyList<TopicChoice> Topics, DateOnly First, DateOnly Last);

/// <summary>A topic in the page's language, and whether the reader reads about it.</summary>
public sealed record TopicChoice(string Id, string Name, string Description, bool IsRead);
