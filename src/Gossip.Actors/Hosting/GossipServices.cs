using Gossip.Actors.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gossip.Actors.Hosting;

/// <summary>A node as a service of an application: it starts and stops with its host.</summary>
public static class GossipServices
{
    /// <summary>
    /// Adds a node. Take a <see cref="GossipNode"/> where requests are served, or a
    /// <see cref="HostedGossip"/> in what is made before the host has started.
    /// </summary>
    public static GossipBuilder AddGossip(
        this IServiceCollection services, GossipOptions options) =>
        services.AddGossip(_ => options);

    /// <summary>As above, with options that other services decide.</summary>
    public static GossipBuilder AddGossip(
        this IServiceCollection services, Func<IServiceProvider, GossipOptions> options)
    {
        var builder = new GossipBuilder(options);
        services.AddSingleton(provider => new HostedGossip(provider, builder));
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<HostedGossip>());
        services.AddSingleton(provider => provider.GetRequiredService<HostedGossip>().Node);
        return builder;
    }
}

/// <summary>What a hosted node is made of, beside its options.</summary>
public sealed class GossipBuilder
{
    private readonly List<Func<IServiceProvider, TopicActorRegistration>> _actors = [];
    private Func<IServiceProvider, GossipParts> _parts = _ => new GossipParts();

    internal GossipBuilder(Func<IServiceProvider, GossipOptions> options) => OptionsOf = options;

    internal Func<IServiceProvider, GossipOptions> OptionsOf { get; }

    internal Func<IServiceProvider, GossipParts> PartsOf => _parts;

    /// <summary>A store, a transport or keys of your own.</summary>
    public GossipBuilder WithParts(Func<IServiceProvider, GossipParts> parts)
    {
        _parts = parts;
        return this;
    }

    /// <summary>
    /// Runs a topic actor whose constructor takes services; its name is that of its type unless
    /// another is given. Each life of it is a new instance.
    /// </summary>
    public GossipBuilder AddTopicActor<T>(string topic, string? name = null)
        where T : TopicActor
    {
        _actors.Add(provider => new(
            new TopicName(topic),
            name ?? typeof(T).Name,
            () => ActivatorUtilities.CreateInstance<T>(provider)));
        return this;
    }

    internal IEnumerable<TopicActorRegistration> ActorsOf(IServiceProvider provider) =>
        _actors.Select(actor => actor(provider));
}
