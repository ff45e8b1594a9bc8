using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Newsletter.Cli;

/// <summary>Times by the publication's clock, with its zone beside them: as <c>schedule</c> takes them and the pages show them.</summary>
internal sealed class LocalText(TimeZoneInfo zone)
{
    public static LocalText Of(IServiceProvider services) => new(TimeZoneInfo.FindSystemTimeZoneById(services.GetRequiredService<Publication>().TimeZone));

    /// <summary>The zone's IANA name.</summary>
    public string Zone => zone.Id;

    /// <summary>Without the zone, for lines that name it once.</summary>
    public string Bare(DateTimeOffset at) => At(at, "yyyy-MM-dd HH:mm");

    public string Minute(DateTimeOffset at) => $"{Bare(at)} {zone.Id}";

    public string Second(DateTimeOffset at) => $"{At(at, "yyyy-MM-dd HH:mm:ss")} {zone.Id}";

    /// <summary>With the day of the week, for what a person has just set.</summary>
    public string Day(DateTimeOffset at) => $"{At(at, "dddd yyyy-MM-dd HH:mm")} {zone.Id}";

    private string At(DateTimeOffset at, string format) => TimeZoneInfo.ConvertTime(at, zone).ToString(format, CultureInfo.InvariantCulture);
}
