using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>For <c>status</c>: waves of the same refusal of which nobody has said yet what they were.</summary>
internal static class IncidentText
{
    private const int Most = 200;

    /// <summary>A line for each that is open.</summary>
    /// <param name="services">The publication.</param>
    /// <param name="edition">Whose letters; null: of all.</param>
    /// <param name="ct">Stops the question.</param>
    public static async Task WriteAsync(IServiceProvider services, EditionId? edition, CancellationToken ct)
    {
        foreach (var incident in await services.GetRequiredService<IncidentStore>().ListAsync(all: false, Most, ct))
            if (edition is null || incident.Edition == edition)
                Console.Out.WriteLine(Plain.Line(Line(incident)));
    }

    private static string Line(Incident incident) => string.Create(CultureInfo.InvariantCulture,
        $"incident  {incident.Id} is open, {incident.Readers:n0} readers refused alike at {incident.Where}: newsletter incidents show {incident.Id}");
}
