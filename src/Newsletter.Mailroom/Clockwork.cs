using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Hangfire: the clock and the worker, never the truth. Its storage follows the database: PostgreSQL's, or memory that is filled anew at each start.</summary>
public static class Clockwork
{
    /// <summary>The queue of all jobs: each is short. What takes long, sending, is every worker's own (<see cref="SendingShift"/>).</summary>
    public const string Default = "default";

    /// <summary>Hangfire's client and storage, for whoever shows or makes jobs.</summary>
    public static IServiceCollection AddClock(this IServiceCollection services, IConfiguration configuration)
    {
        // Its own to each publication: Hangfire's ways to set it go through one static place for the whole process.
        services.AddSingleton(provider => Storage(configuration.Read<DatabaseOptions>("Database"), provider));
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire((provider, hangfire) =>
        {
            hangfire.UseLogProvider(new ClockworkLog(provider.GetRequiredService<ILoggerFactory>()));
            hangfire.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            // A look every few seconds: a day of finished ones would be kept for nobody.
            hangfire.UseFilter(new ShortMemory());
        });
        return services;
    }

    /// <summary>The worker: runs jobs in this process, by the timetable, and has its part in all editions that run.</summary>
    /// <param name="services">What it is added to.</param>
    /// <param name="watches">Whether it watches the mailboxes, too; false where somebody else in this process reads them and says what came.</param>
    public static IServiceCollection AddWorker(this IServiceCollection services, bool watches = true)
    {
        services.AddHangfireServer((provider, options) =>
        {
            options.Queues = [Default];
            options.WorkerCount = 4;
            options.SchedulePollingInterval = TimeSpan.FromSeconds(1);
            options.ShutdownTimeout = provider.GetRequiredService<SendingOptions>().DrainFor;
        });
        services.AddHostedService<Timetable>();
        services.AddHostedService<SendingShift>();
        if (watches)
            services.AddHostedService<ReturnsShift>();
        // Those who end do so side by side, and none before the letters in hand have had their time.
        services.AddOptions<HostOptions>().Configure<SendingOptions>((host, options) =>
            (host.ServicesStopConcurrently, host.ShutdownTimeout) = (true, options.DrainFor + TimeSpan.FromSeconds(5)));
        return services;
    }

    /// <summary>PostgreSQL's makes its tables when it is made, in steps that fail where another process is at the same: it logs the error and goes on. So one does it at a time.</summary>
    private static JobStorage Storage(DatabaseOptions options, IServiceProvider provider) => options.Provider is DatabaseProvider.Postgres
        ? provider.GetRequiredService<Database>().Alone(() => new PostgreSqlStorage(new NpgsqlConnectionFactory(options.ConnectionString, Postgres), Postgres))
        : new InMemoryStorage(new InMemoryStorageOptions());

    /// <summary>The sliding kind: without it two nodes take a long job from each other again and again.</summary>
    private static PostgreSqlStorageOptions Postgres => new()
    {
        SchemaName = "hangfire",
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromMinutes(1),
        QueuePollInterval = TimeSpan.FromSeconds(1),
        // A lock is a row that a killed worker leaves behind: by default the clock of all others would stand still for ten minutes.
        DistributedLockTimeout = TimeSpan.FromSeconds(30),
    };

    private sealed class ShortMemory : Hangfire.Common.JobFilterAttribute, Hangfire.States.IApplyStateFilter
    {
        public void OnStateApplied(Hangfire.States.ApplyStateContext context, Hangfire.Storage.IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = TimeSpan.FromHours(1);

        public void OnStateUnapplied(Hangfire.States.ApplyStateContext context, Hangfire.Storage.IWriteOnlyTransaction transaction)
        {
        }
    }
}
