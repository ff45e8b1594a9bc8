using System.Globalization;

namespace Newsletter.Web;

/// <summary>Times by the publication's clock.</summary>
internal static class LocalTime
{
    public static string Local(this Publication publication, DateTimeOffset at, string format) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(publication.TimeZone)).ToString(format, CultureInfo.InvariantCulture);
}
