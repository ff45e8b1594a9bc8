using Microsoft.Extensions.Hosting;

namespace Newsletter.Mailroom;

/// <summary>Work that goes on for as long as the process serves.</summary>
/// <remarks>
/// A host that ends while it still starts (its port is taken) cancels work that no thread has begun yet, and takes that for a fault worth a stack trace. So the
/// start waits until the work has begun, and work that was begun ends by itself.
/// </remarks>
public abstract class Shift : BackgroundService
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public sealed override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        begun.TrySetResult();
        return WorkAsync(stoppingToken);
    }

    /// <summary>The work. Being told to stop is how it ends: it throws nothing then.</summary>
    protected abstract Task WorkAsync(CancellationToken stop);
}
