using Microsoft.Extensions.DependencyInjection;

namespace Newsletter.Cli;

/// <summary>Times by the publication's clock, with its zone beside them: as <c>schedule</c> takes them and the pages show them.</summary>
internal sealed class LocalText(Publication publication)
{
    public static LocalText Of(IServiceProvider services) => new(services.GetRequiredService<Publication>());

    /// <summary>The zone's IANA name.</summary>
    public string Zone => publication.TimeZone;

    /// <summary>Without the zone, for lines that name it once.</summary>
    public string Bare(DateTimeOffset at) => publication.Local(at, "yyyy-MM-dd HH:mm");

    public string Minute(DateTimeOffset at) => $"{Bare(at)} {Zone}";

    public string Second(DateTimeOffset at) => $"{publication.Local(at, "yyyy-MM-dd HH:mm:ss")} {Zone}";

    /// <summary>With the day of the week, for what a person has just set.</summary>
    public string Day(DateTimeOffset at) => $"{publication.Local(at, "dddd yyyy-MM-dd HH:mm")} {Zone}";
}
