using Akka.Actor;
using Akka.TestKit.Xunit2;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Akka.Actors;

namespace Gossip.Akka.Tests.Actors;

/// <summary>What does a machine notice of being an Akka actor? Nothing but its signals.</summary>
[Trait("Row", "G9")]
public sealed class MachineActorTests : TestKit
{
    private static readonly SupervisorHooks Nothing =
        new((_, _) => { }, _ => { }, (_, _, _) => { }, _ => { });

    [Fact]
    public void Signals_come_in_order_those_told_before_it_started_too()
    {
        var machine = Machine((_, signal) => TestActor.Tell(signal));
        Signal[] told = [.. Enumerable.Range(1, 500).Select(i => new Signal.RoundDue(i))];
        Array.ForEach(told[..200], signal => machine.TryTell(signal));
        Sys.ActorOf(MachineActor.Of(machine, Nothing));
        Array.ForEach(told[200..], signal => machine.TryTell(signal));
        Assert.Equal(told, told.Select(_ => ExpectMsg<Signal.RoundDue>()));
    }

    [Fact]
    public void A_timer_comes_back_as_a_signal_not_early_and_not_after_the_end()
    {
        var clock = new NodeClock(TimeProvider.System);
        var delay = TimeSpan.FromMilliseconds(60);
        var started = TimeSpan.Zero;
        var machine = Machine((self, signal) =>
        {
            switch (signal)
            {
                case Signal.Started:
                    started = clock.Now.Elapsed;
                    self.TellLater(delay, new Signal.HeadsDue());
                    self.TellLater(delay * 5, new Signal.RoundDue(1));
                    break;
                case Signal.HeadsDue:
                    TestActor.Tell(clock.Now.Elapsed - started);
                    break;
                default:
                    TestActor.Tell(signal);
                    break;
            }
        });
        var actor = Sys.ActorOf(MachineActor.Of(machine, Nothing));
        machine.TryTell(new Signal.Started());
        Assert.True(ExpectMsg<TimeSpan>() >= delay);
        Sys.Stop(actor);
        ExpectNoMsg(delay * 6);
    }

    /// <summary>Its parent hears by death watch, and finds out why.</summary>
    [Fact]
    public void What_it_asked_for_and_cannot_be_done_ends_it_and_says_why()
    {
        var machine = Machine((_, _) => { });
        var actor = Sys.ActorOf(MachineActor.Of(machine, Nothing));
        Watch(actor);
        machine.Fail(new IOException("the disk is gone"));
        machine.TryTell(new Signal.HeadsDue());
        Assert.False(machine.Ended.IsFaulted);
        AwaitCondition(() => machine.Fault is not null);
        Assert.Equal("the disk is gone", machine.Fault!.Message);
    }

    [Fact]
    public void Told_to_complete_it_acts_on_all_that_waits_and_stops()
    {
        var machine = Machine((_, signal) => TestActor.Tell(signal));
        for (var i = 1; i <= 300; i++)
        {
            machine.TryTell(new Signal.RoundDue(i));
        }

        machine.Complete();
        var actor = Watch(Sys.ActorOf(MachineActor.Of(machine, Nothing)));
        for (var i = 1; i <= 300; i++)
        {
            Assert.Equal(i, ExpectMsg<Signal.RoundDue>().Round);
        }

        ExpectTerminated(actor);
        Assert.False(machine.TryTell(new Signal.Publish(
            TopicId.OfPublic(new("news")), new(1), [])));
    }

    private static MachineRef Machine(Action<MachineRef, Signal> handle)
    {
        var probe = new Probe();
        var machine = new MachineRef(
            MachineId.Rounds, probe, 1, 1024, new NodeClock(TimeProvider.System));
        probe.Handled = signal => handle(machine, signal);
        return machine;
    }

    private sealed class Probe : IMachine
    {
        public Action<Signal> Handled { get; set; } = _ => { };

        public void Handle(Signal signal, Moment now, Outbox outbox) => Handled(signal);
    }
}
